const WORDS = `
accept access account action active actual address admin administrator agent alpine always amazonaws anonymous
apache application archive async attach author authorization automatic backend balance banner bearer binary boolean
branch browser bucket buffer build builder building builtin bundle cached caching cancel canary celery central chrome
client closed cluster column command commit common compact complete compose config configuration connect connected
connection console container content context controller cookie cookies cpanel create created credentials current custom
cypress daemon database dataset deactivated debian debugger debugging default delete deleted deploy deployed deploying
deployment desktop detail details develop developer developers development device digest direct directory disable
disabled discord django docker dockerfile document domain dotenv download driver dynamic editor elastic elasticsearch
enable enabled encoding encrypted endpoint engine english entrypoint environment events example example.com exclude
executor exited expire expired explicit export express extend external factory failed failure fallback fastify feature
figaro filesystem filter firebase firefox flask follow foreign format forward frontend function gateway general
generate generic github gitlab global google gradle graphql grafana group handler hash header headers health healthy
heroku hidden history hostname hosting httpd ignore image images implicit import include index inherit inline install
instance integration internal invalid invite iso-8859-1 javascript jenkins jobs journal kernel keycloak kubernetes
lambda language laravel latest library license limit limited linear listen listening loader local localhost
localhost:3000 localhost:5432 localhost:6379 location logging logstash machine mailer mailgun mailhog manager manual
mariadb master maximum medium member memcached memory message metrics middleware migrate migration minimal minimum
mobile module mongodb mongoose monitor monitoring mozilla myproject namespace native network never nginx nightly nobody
nodejs node_modules noeviction normal notice notification notify object offline online openid operator optional
optional oracle organization origin output package parallel parent partial passive password payload pending performance
permanent persist personal pgbouncer phoenix pipeline platform player plugin policy postgis postgres postgresql
preprod preproduction prefer preferred present preview primary prisma private process prod product production profile
program project prometheus protected protocol provider public publish puppeteer python qualify quality queue quickstart
rabbitmq rails random readonly reader readme ready record redact redacted redirect redis refresh region registry regular
release released remote remove render replace replica report repository request require required reserved reset resource
response restart result resume retry rollback rolling router ruby running runtime sample sandbox schema script search
secondary secret secrets secure security select sendgrid sentry sequelize server service services session session-cookie
setting settings shared shell sidekiq signal silent simple single sleeping socket source spring sqlite sqlite3 stable
stack staging standalone standard start started starting startup static statement status stderr stdout stopped stopping
storage store stream strict stripe string success super superuser support svelte symfony system target tenant terminal
test_db testing tester thread timeout timestamp tomcat trace tracing traffic transaction transport trigger trusted
twilio typeorm typescript ubuntu ui8 undefined unhealthy unique unknown unlimited unsafe unsecure unset update updated
upgrade upload uppercase upstream us-east-1 us-east-2 us-west-1 us-west-2 eu-west-1 eu-west-2 eu-west-3 eu-central-1
ap-south-1 ap-southeast-1 ap-southeast-2 ap-northeast-1 username utf8mb4 vagrant valid value variable vendor verbose
verify-ca verify-full version viewer virtual visible volume wallet warning webapp webhook webpack website websocket
windows wordpress worker workers workspace writer america/new_york europe/berlin europe/london asia/tokyo etc/utc
application/json text/html text/plain 127.0.0.1 0.0.0.0 255.255.255.255 en_us.utf-8 c.utf-8 de_de.utf-8
`;

/**
 * Words that logs and settings are full of. As the value of a variable, such as `DATABASE_TYPE=postgres`, they are no
 * secret, and masking them would make every other line unreadable. All have at least six characters.
 */
const COMMON_WORDS: ReadonlySet<string> = new Set(WORDS.split(/\s+/).filter((word) => word.length >= 6));

/** Returns whether a value is a word that anybody may write, in whatever case. */
export function isCommonWord(value: string): boolean {
  return value.length <= 32 && COMMON_WORDS.has(value.trim().toLowerCase());
}
