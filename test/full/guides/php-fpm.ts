const NGINX = `pid /tmp/nginx.pid;
events {}
http {
  server {
    listen 8080;
    resolver 127.0.0.11 valid=1s;
    set $php php:9000;
    location / { include fastcgi_params; fastcgi_param SCRIPT_FILENAME /app/index.php; fastcgi_pass $php; }
  }
}
`;

/** Returns a repository with nginx as the app, and PHP-FPM as a container beside it. Its images are Debian's. */
export function phpFpm({ debian }: Readonly<Record<string, string>>): Record<string, string> {
  const install = (packages: string) => `FROM ${debian}
RUN apt-get update && apt-get install -y --no-install-recommends ${packages} && rm -rf /var/lib/apt/lists/*
`;
  return {
    'nexos.yaml': 'app: { port: 8080 }\ncontainers: [{ name: php, dockerfile: php.Dockerfile }]\n',
    'nginx.conf': NGINX,
    Dockerfile: `${install('nginx-light')}COPY nginx.conf /etc/nginx/nginx.conf
CMD ["nginx", "-g", "daemon off;"]
`,
    'php.Dockerfile': `${install('php8.2-fpm')}RUN sed -ri 's!^listen = .*!listen = 9000!' /etc/php/8.2/fpm/pool.d/www.conf
WORKDIR /app
COPY index.php ./
EXPOSE 9000
CMD ["php-fpm8.2", "--nodaemonize"]
`,
    'index.php': "<?php echo 'fpm says ' . $_SERVER['REQUEST_URI'];\n",
  };
}
