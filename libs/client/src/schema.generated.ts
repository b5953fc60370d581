/**
 * Generated from the API's OpenAPI document: npm run client
 * Do not edit.
 */

export interface paths {
    "/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List accounts
         * @description For operators; other accounts get an empty list.
         */
        get: operations["accounts.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an account
         * @description For operators.
         */
        get: operations["accounts.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Set an account's plan and limits
         * @description For operators. A lower limit keeps what runs and refuses more. Single limits stay when the plan changes.
         */
        patch: operations["accounts.update"];
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the audit log
         * @description Who changed what, newest first: with which key, from which address, and the changed fields before and after, without secrets. A page may have fewer lines than `limit`, or none, and still link to a next one. Operators see the logs of all accounts. With `Accept: application/x-ndjson`, returns everything that matches, as one JSON object per line.
         */
        get: operations["audit.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List API keys (masked) */
        get: operations["apiKeys.list"];
        put?: never;
        /**
         * Create a new API key
         * @description The key is shown only in this response. It cannot have scopes that the caller lacks.
         */
        post: operations["apiKeys.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description The key stops working within a second.
         */
        delete: operations["apiKeys.revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/github": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Redirect to GitHub OAuth flow */
        get: operations["signIn.begin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/github/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Handle GitHub OAuth callback */
        get: operations["signIn.finish"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends the session of a browser. The session stops working within a second.
         */
        post: operations["logout.logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get current authenticated user */
        get: operations["me.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deployments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get deployment details
         * @description With `wait`, responds as soon as the status changes, or after that many seconds.
         */
        get: operations["deployments.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deployments/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a deployment
         * @description The build stops within two seconds, and the live version stays live. Idempotent.
         */
        post: operations["deployments.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deployments/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the events of a deployment
         * @description Newest first, for the last 90 days: each change of status, who caused it, and why.
         */
        get: operations["deploymentEvents.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deployments/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get build logs
         * @description Returns one page as JSON. With `Accept: text/event-stream`, streams all existing and future lines as [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html): a `line` event for each line and an `end` event with the status once the deployment has finished. At most 100 streams can be open at once per API key or session, and 400 per account.
         */
        get: operations["deployments.logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get environment details */
        get: operations["environments.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}/database-backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the database backups of an environment
         * @description Newest first, at most 100.
         */
        get: operations["databases.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deployments of an environment
         * @description Newest first.
         */
        get: operations["environmentDeployments.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}/destroy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Destroy environment
         * @description Idempotent.
         */
        post: operations["environments.destroy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the events of an environment
         * @description Newest first, for the last 90 days: each change of status, each requested action, and each command that was run.
         */
        get: operations["environmentEvents.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}/exec": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a command in an environment
         * @description Runs the command once, in its own container, with the variables and the network of the environment. `GET /executions/{id}/logs` returns its output.
         */
        post: operations["environmentExecutions.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the commands run in an environment
         * @description Newest first, for the last 30 days.
         */
        get: operations["environmentExecutions.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get runtime logs
         * @description Returns the output of a container of the live version, or of the one that `deployment_id` names (stdout and stderr), by default of the app, as one page of JSON. With `Accept: text/event-stream`, also streams new output as [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html): a `line` event for each line, of one live version after another, and an `end` event once the environment is destroyed. Of the output from before the first read, at most the last 1,000 lines are available.
         */
        get: operations["environmentLogs.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop every container
         * @description Keeps all data. Visitors see a page that says that the environment is paused. It is `paused` once the last container has stopped. Idempotent.
         */
        post: operations["environments.pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rebuild environment from the latest commit
         * @description Also available as `/restart`. A push in the meantime supersedes the rebuild. For a pull request of a fork, 409 if the approval of its commit no longer holds.
         */
        post: operations["environments.rebuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset the environment's database to an empty state
         * @description Requires `services.postgres`. The old database is kept as a backup for seven days.
         */
        post: operations["databases.reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rebuild environment from the latest commit
         * @description Also available as `/restart`. A push in the meantime supersedes the rebuild. For a pull request of a fork, 409 if the approval of its commit no longer holds.
         */
        post: operations["environments.rebuild.restart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a database backup
         * @description Swaps the backup with the current database, which is then kept as a backup for seven days.
         */
        post: operations["databases.restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start previously-paused containers
         * @description Builds nothing. If a newer version was built in the meantime, that version starts. Also tries again what failed: to start the live version, or to run the hooks after a reset or restore. Idempotent.
         */
        post: operations["environments.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/environments/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll back to an earlier version
         * @description Runs the image of an earlier live version again, as a new deployment without a build. Supersedes any deployment in progress. Idempotent while the rollback is in progress.
         */
        post: operations["environments.rollBack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/executions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get execution details
         * @description With `wait`, responds as soon as the status changes, or after that many seconds.
         */
        get: operations["executions.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/executions/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a command
         * @description The command stops within a few seconds; its status is `running` until then. Idempotent.
         */
        post: operations["executions.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/executions/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the output of a command
         * @description Returns one page as JSON. With `Accept: text/event-stream`, streams all existing and future lines as [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html): a `line` event for each line and an `end` event with the status and the exit code once the command has finished. At most 100 streams can be open at once per API key or session, and 400 per account.
         */
        get: operations["executions.logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/github/app": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the GitHub App
         * @description For operators. Says where the App comes from, and asks GitHub which permissions and events it lacks.
         */
        get: operations["githubApp.get"];
        put?: never;
        post?: never;
        /**
         * Forget the stored GitHub App
         * @description For operators. Deletes the credentials of the App that was created with `POST /github/app-manifest`. All processes stop using it within half a minute. The App stays on GitHub: delete it there too.
         */
        delete: operations["githubApp.forget"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/github/app-manifest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the page that creates the GitHub App
         * @description The URL that `POST /github/app-manifest` returns is its credential; 400 if it is unknown or has expired. A browser gets errors as a page too.
         */
        get: operations["githubAppManifest.page"];
        put?: never;
        /**
         * Start the creation of the GitHub App
         * @description For operators. Open the `url` of the answer in a browser: its button leads to GitHub, which creates an App with the permissions and events that Nexos needs. Nexos then stores the credentials of the App, encrypted, and uses it without a restart. Answers 409 if there is an App.
         */
        post: operations["githubAppManifest.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/github/app-manifest/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Store the GitHub App that was created
         * @description GitHub sends the browser here, with `code` and `state`, and Nexos exchanges the code for the credentials of the App. Repeating it with the same code is safe. 400 for a `state` that is unknown or has expired, 409 for a code that GitHub does not know. A browser gets errors as a page too.
         */
        get: operations["githubAppManifest.finish"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/github/install": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Redirect to the installation page of the GitHub App
         * @description For a browser with a session; an API key works too. A browser gets errors as a page: without a session, it says where to sign in. 404 without a GitHub App.
         */
        get: operations["githubInstall.begin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/github/install/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Receive a browser after the installation of the GitHub App
         * @description The setup URL of the App. Links nothing: GitHub itself tells who can use the installation.
         */
        get: operations["githubInstall.finish"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/github/installations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the installations of the GitHub App that the account can use
         * @description Newest first: its own, those that GitHub listed when its user signed in, and those that the user has made since. An operator's account that was made on the command line gets all of them. 404 without a GitHub App.
         */
        get: operations["githubInstallations.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/github/repositories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the repositories that the account can connect
         * @description Newest first: those of its active installations that its GitHub user can read, or if they are public, write to. GitHub is asked again after ten minutes, about a limited number of repositories per request. So a page can be shorter than `limit`, or empty, while there is a next one. 404 without a GitHub App.
         */
        get: operations["githubRepositories.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nexos.schema.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the JSON Schema of nexos.yaml
         * @description Describes the file `nexos.yaml`, with the versions of services that this installation offers. Editors use it for completion and validation.
         */
        get: operations["repositoryConfig.schema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List registered nodes
         * @description For operators; other accounts get an empty list.
         */
        get: operations["nodes.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get node details and status */
        get: operations["nodes.get"];
        put?: never;
        post?: never;
        /**
         * Remove a node from the network
         * @description For operators. Answers 409 if the data of a service or the only copy of an image is on the node, unless `force` is true; `subjects` lists the projects and environments. The node then takes no new work and its status is `removing`, while its environments are moved to other nodes one by one. `removal` says what it waits for.
         */
        delete: operations["nodes.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{id}/undrain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel the removal of a node
         * @description For operators. The node takes new work again; environments that were moved stay where they are. Answers 409 once the node has left the network.
         */
        post: operations["nodes.undrain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/join-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Generate a node join token
         * @description For operators. Keep the token secret: anyone who has it can add a node. While the Swarm advertises a loopback address, no other machine can join, and the answer is 409.
         */
        post: operations["nodes.joinToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List all projects */
        get: operations["projects.list"];
        put?: never;
        /**
         * Create a project
         * @description The slug is derived from the name, with a number appended if it is taken. `config` takes the text of a `nexos.yaml`. With a GitHub App, GitHub has to confirm that the account may use the repository (`REPOSITORIES`).
         */
        post: operations["projects.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get project details */
        get: operations["projects.get"];
        put?: never;
        post?: never;
        /**
         * Delete a project and all environments
         * @description The status is `deleting` until the last environment is destroyed; after that, the project no longer exists (404).
         */
        delete: operations["projects.delete"];
        options?: never;
        head?: never;
        /**
         * Update project settings
         * @description Fields that are left out keep their values. The slug never changes. Another repository is checked as for a new project. So is the same one, if GitHub has not confirmed it yet or deploys are paused, which resumes them.
         */
        patch: operations["projects.update"];
        trace?: never;
    };
    "/projects/{id}/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the project's settings as a nexos.yaml
         * @description Contains the name, and the settings that are set. What it leaves out has its default.
         */
        get: operations["projectConfig.get"];
        /**
         * Replace the project's settings with a nexos.yaml
         * @description Settings that the file can have and leaves out return to their defaults; others, such as `auto_deploy`, keep their values. `name` renames the project; the slug never changes. Applies from the next deployment on. A `nexos.yaml` in the repository still overrides these settings.
         */
        put: operations["projectConfig.put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the webhook deliveries of a project
         * @description Newest first, for the last 30 days, with the outcome of each and its reason.
         */
        get: operations["projectDeliveries.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{id}/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deployments of a project
         * @description Newest first.
         */
        get: operations["projectDeployments.list"];
        put?: never;
        /**
         * Deploy without a push
         * @description Deploys a commit, by default the latest of the branch. Creates the branch's environment if it does not exist.
         */
        post: operations["projectDeployments.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{id}/env-vars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List environment variables (masked values) */
        get: operations["envVars.list"];
        /**
         * Create or update an environment variable
         * @description A single variable returns an object; several, or `.env` text, return a list. A request sets all of its variables or none. They apply from the next deployment on.
         */
        put: operations["envVars.put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{id}/env-vars/{varId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete an environment variable */
        delete: operations["envVars.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{id}/environments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List environments for a project
         * @description Newest first, including destroyed environments.
         */
        get: operations["projects.listEnvironments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{id}/github/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what GitHub is told about a project
         * @description The checks, GitHub Deployments and comments of the project, with the reason if GitHub refuses them. Says why a commit has no check.
         */
        get: operations["githubReports.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{id}/registries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List credentials for registries (masked passwords) */
        get: operations["registries.list"];
        /**
         * Create or update the credentials for a registry
         * @description Builds of the project pull images from that registry with them, and with the ones of the operator elsewhere. They apply from the next build on.
         */
        put: operations["registries.put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{id}/registries/{registryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete the credentials for a registry */
        delete: operations["registries.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{id}/slack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send messages to a channel of Slack or Discord
         * @description The address is that of an incoming webhook of the channel. `/webhooks/{id}` shows, changes, tests and deletes it.
         */
        post: operations["projectWebhooks.createChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{id}/webhook-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create or replace the secret of a project's own webhook
         * @description Enter the URL and the secret as a webhook of the repository at GitHub. A secret that is replaced stays valid for an hour, so that no push is lost. Replace it twice to end it at once.
         */
        post: operations["projectWebhookSecret.replace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{id}/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the webhooks of a project
         * @description Newest first, with its channels (`POST /projects/{id}/slack`).
         */
        get: operations["projectWebhooks.list"];
        put?: never;
        /**
         * Create a webhook of a project
         * @description It gets a signed message for each of the events that happens from now on. The plan says how many webhooks and channels a project can have, at most 20.
         */
        post: operations["projectWebhooks.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get current resource usage and quota limits */
        get: operations["quota.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quota/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the daily usage of each project
         * @description Oldest first, for about 13 months. Has an entry for each day and project with a build. A build that runs past midnight counts on both days with its seconds of each.
         */
        get: operations["quotaUsage.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the webhooks of the account
         * @description Newest first; without those of single projects.
         */
        get: operations["outgoingWebhooks.list"];
        put?: never;
        /**
         * Create a webhook of the account
         * @description It gets a signed message for each of the events that happens from now on in any project. The plan says how many an account can have, at most 20.
         */
        post: operations["outgoingWebhooks.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a webhook */
        get: operations["outgoingWebhooks.get"];
        put?: never;
        post?: never;
        /** Delete a webhook */
        delete: operations["outgoingWebhooks.delete"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description Enables a webhook that was disabled, too. Messages that wait are sent at once, to the new address if it changed.
         */
        patch: operations["outgoingWebhooks.update"];
        trace?: never;
    };
    "/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries of a webhook
         * @description The messages that were sent or wait, newest first, for the last 30 days.
         */
        get: operations["outgoingWebhooks.deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/deliveries/{deliveryId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery of a webhook again
         * @description With the same `webhook-id` and content, whether it was accepted or not. It is retried for another day.
         */
        post: operations["outgoingWebhooks.replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test message to a webhook
         * @description It has the type `test` and is sent once. The list of deliveries shows what the receiver answered.
         */
        post: operations["outgoingWebhooks.test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhook deliveries
         * @description Newest first, for the last 30 days. For operators; other accounts get an empty list.
         */
        get: operations["deliveries.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a webhook delivery
         * @description For operators. With `wait`, responds as soon as the delivery is processed, or after that many seconds.
         */
        get: operations["deliveries.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/deliveries/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay a webhook delivery
         * @description Processes a delivery of the last 7 days again. For operators. A push that is older than the known state of its branch still deploys nothing, unless `force` is true.
         */
        post: operations["deliveries.replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/github": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive a GitHub webhook
         * @description Acts on the events `push`, `delete`, `pull_request`, `pull_request_review`, `repository`, `installation`, `installation_repositories` and `installation_target`, and on `check_run` and `check_suite` that ask for checks to run again. Acts once per delivery; accepts and ignores other events. Processes a delivery after responding; the lists of deliveries show the outcome. Bodies can have up to 25 MiB.
         */
        post: operations["webhooks.receive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/github/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive a GitHub webhook through a project's own webhook
         * @description Deliveries are signed with the secret of the project (`POST /projects/{id}/webhook-secret`), and concern only this project. Ignores those of another repository than `github_repo`. Otherwise as `POST /webhooks/github`.
         */
        post: operations["webhooks.receiveForProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AccountLimitsResponse: {
            /**
             * @description Days for which a line of the audit log is kept.
             * @example 365
             */
            audit_retention_days: number;
            /**
             * @description Build minutes in a period.
             * @example 5000
             */
            build_minutes: number;
            /**
             * @description Builds that run at the same time.
             * @example 4
             */
            concurrent_builds: number;
            /**
             * @description Containers of one environment, the app included.
             * @example 16
             */
            containers_per_environment: number;
            /**
             * @description Environments of one project, except those that are being destroyed.
             * @example 100
             */
            environments_per_project: number;
            /**
             * @description Days for which the log of a finished deployment is kept.
             * @example 90
             */
            log_retention_days: number;
            /**
             * @description CPU cores of all active environments and of the services of their projects.
             * @example 64
             */
            max_cpu: number;
            /**
             * @description Memory of all active environments and of the services of their projects, in MiB.
             * @example 131072
             */
            max_memory_mb: number;
            /**
             * @description Projects. One that is being deleted counts until it is gone.
             * @example 25
             */
            max_projects: number;
            /**
             * @description Environment variables of one project.
             * @example 500
             */
            variables_per_project: number;
            /**
             * @description Webhooks and channels of one project; the account itself may have as many besides.
             * @example 20
             */
            webhooks_per_project: number;
        };
        AccountResponse: {
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            created_at: string;
            /**
             * @description Null for an account that does not sign in with GitHub.
             * @example octocat
             */
            github_login: string | null;
            /** @example user_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            is_operator: boolean;
            /** @description The limits that apply: those of the plan, and single ones instead. */
            limits: components["schemas"]["AccountLimitsResponse"];
            /** @example The Octocat */
            name: string;
            /** @description The single limits that an operator has set. */
            own_limits: components["schemas"]["OwnLimitsResponse"];
            /**
             * @example pro
             * @enum {string}
             */
            plan: "free" | "pro" | "enterprise" | "operator";
        };
        ApiKeyResponse: {
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            expires_at: string | null;
            /** @example key_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            /**
             * @description The client's address at that use. Behind a reverse proxy, `TRUSTED_PROXIES` must be set.
             * @example 192.0.2.7
             */
            last_used_address: string | null;
            /**
             * Format: date-time
             * @description Accurate to the minute; null before the first use.
             * @example 2026-04-10T12:00:00.000Z
             */
            last_used_at: string | null;
            /**
             * @description At most 200 characters.
             * @example curl/8.5.0
             */
            last_used_user_agent: string | null;
            /** @example ci */
            name: string;
            /**
             * @description The beginning of the key: `nxs_` and the part that is not secret.
             * @example nxs_0123456789abcdef
             */
            prefix: string;
            /**
             * @description The projects that it is limited to; null for all of the account.
             * @example null
             */
            project_ids: string[] | null;
            /**
             * @example [
             *       "read",
             *       "write"
             *     ]
             */
            scopes: ("read" | "write" | "admin")[];
        };
        AppManifestResponse: {
            /**
             * Format: date-time
             * @description Until when the App must be created.
             * @example 2026-04-10T12:00:00.000Z
             */
            expires_at: string;
            /**
             * @description The page to open in a browser. Keep this URL secret: anyone who has it can connect their own App.
             * @example https://api.example.com/api/github/app-manifest?state=x1dLZbSTvbqxFk2wlAxpAX4fL8zYw0gYvNUJS7dCPLQ
             */
            url: string;
            /**
             * @description What will not work, such as deliveries to an address that GitHub cannot reach.
             * @example []
             */
            warnings: string[];
        };
        AuditRecordResponse: {
            /**
             * @description Whose log the line is part of; null for what concerns no account.
             * @example user_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            account_id: string | null;
            /**
             * @description New actions may be added.
             * @example project.update
             * @enum {string}
             */
            action: "account.update" | "api_key.create" | "api_key.revoke" | "delivery.receive" | "delivery.replay" | "deployment.create" | "deployment.status" | "env_var.delete" | "env_var.put" | "environment.create" | "environment.database_reset" | "environment.hooks_failed" | "environment.pause" | "environment.reset" | "environment.restore" | "environment.resume" | "environment.sleep" | "environment.status" | "environment.wake" | "execution.cancel" | "execution.create" | "execution.status" | "fork.approve" | "fork.deny" | "fork.withdraw" | "github_app.create" | "github_app.delete" | "github_app.request" | "installation.link" | "installation.unlink" | "join_token.read" | "node.join" | "node.leave" | "node.remove" | "node.undrain" | "project.create" | "project.delete" | "project.deleted" | "project.deploys_paused" | "project.deploys_resumed" | "project.repository" | "project.update" | "queue.discard" | "queue.pause" | "queue.promote" | "queue.resume" | "queue.retry" | "registry.delete" | "registry.put" | "secrets.reseal" | "session.create" | "session.end" | "webhook.create" | "webhook.delete" | "webhook.disable" | "webhook.replay" | "webhook.test" | "webhook.update" | "webhook_secret.replace";
            /**
             * @description The id of the API key or session that made the change, `github` or `github:LOGIN`, `command` for a command of the operator, or `system`.
             * @example key_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            actor: string;
            /**
             * @description The name that the API key had.
             * @example ci
             */
            actor_name: string | null;
            /**
             * @description The address of the client; null if no request made the change.
             * @example 192.0.2.7
             */
            address: string | null;
            /**
             * @description The changed fields as they are, without secrets; null if the subject is gone.
             * @example {
             *       "name": "our-app"
             *     }
             */
            after: {
                [key: string]: unknown;
            } | null;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            at: string;
            /**
             * @description The changed fields as they were, without secrets; null if the subject is new.
             * @example {
             *       "name": "my-app"
             *     }
             */
            before: {
                [key: string]: unknown;
            } | null;
            /**
             * @description Send it as `cursor` to list older lines.
             * @example 1042
             */
            id: string;
            /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
            project_id: string | null;
            /**
             * @description The request's `X-Request-Id`.
             * @example b0c4a0de-6b1a-4a3c-9c5e-2f8d1a7e9b3c
             */
            request_id: string | null;
            /**
             * @description The id of what changed.
             * @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            subject: string | null;
        };
        BranchFilterDto: {
            /**
             * @description Globs of the branches whose pushes are not deployed, even if they are included.
             * @example [
             *       "dependabot/**"
             *     ]
             */
            exclude?: string[];
            /**
             * @description Globs of the branches whose pushes are deployed. An empty list means all branches.
             * @example [
             *       "main",
             *       "feature/*"
             *     ]
             */
            include?: string[];
        };
        BranchFilterResponse: {
            /**
             * @description Globs of the branches whose pushes are not deployed, even if they are included.
             * @example [
             *       "dependabot/**"
             *     ]
             */
            exclude: string[];
            /**
             * @description Globs of the branches whose pushes are deployed. An empty list means all branches.
             * @example [
             *       "main",
             *       "feature/*"
             *     ]
             */
            include: string[];
        };
        ContainerHealthResponse: {
            /**
             * @description What happened, and what to do.
             * @example The container api is running and answers.
             */
            message: string;
            /**
             * @description Exits since the version went live or was resumed, in the last 24 hours.
             * @example 0
             */
            restarts: number;
            /**
             * @example healthy
             * @enum {string}
             */
            state: "healthy" | "starting" | "crash_looping" | "out_of_memory" | "unreachable" | "unknown";
        };
        CreateApiKeyDto: {
            /**
             * Format: date-time
             * @description Not later than the key that creates it. If left out, it expires with that key, or never if that one does not expire.
             * @example 2027-04-10T12:00:00Z
             */
            expires_at?: string;
            /** @example ci */
            name: string;
            /** @description Limits the key to these projects: everything else does not exist for it, and requests about the whole account are refused. If left out, the key reaches all of the account. */
            project_ids?: string[];
            /**
             * @default [
             *       "read",
             *       "write",
             *       "admin"
             *     ]
             */
            scopes?: ("read" | "write" | "admin")[];
        };
        CreateAppManifestDto: {
            /**
             * @description The name of the App, unique among all Apps on GitHub; the page on GitHub can still change it. By default `Nexos` and the host of the API.
             * @example Nexos of Acme
             */
            name?: string;
            /**
             * @description The organization that owns the App. By default the user who creates it.
             * @example acme
             */
            organization?: string;
        };
        CreateChannelDto: {
            /**
             * @example [
             *       "deployment.live",
             *       "deployment.failed"
             *     ]
             */
            events: ("deployment.queued" | "deployment.building" | "deployment.live" | "deployment.failed" | "deployment.cancelled" | "environment.created" | "environment.sleeping" | "environment.awake" | "environment.crashed" | "environment.recovered" | "environment.destroyed" | "account.build_minutes" | "webhook.disabled")[];
            /**
             * @description The form of the messages: for Slack, for Discord, or the JSON that webhooks get, without a signature.
             * @default slack
             * @example slack
             * @enum {string}
             */
            format?: "slack" | "discord" | "json";
            /**
             * @description The address of the incoming webhook. It is a secret: responses do not show it.
             * @example https://hooks.slack.com/services/T000/B000/XXXX
             */
            url: string;
        };
        CreatedApiKeyResponse: {
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            expires_at: string | null;
            /** @example key_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            /**
             * @description The key itself, to be sent as `Authorization: Bearer …`. It cannot be retrieved again.
             * @example nxs_0123456789abcdef_…
             */
            key: string;
            /** @example ci */
            name: string;
            /** @example nxs_0123456789abcdef */
            prefix: string;
            /** @example null */
            project_ids: string[] | null;
            /**
             * @example [
             *       "read",
             *       "write"
             *     ]
             */
            scopes: ("read" | "write" | "admin")[];
        };
        CreateDeploymentDto: {
            /**
             * @description The branch to deploy, without `refs/heads/`; the repository's default branch if left out.
             * @example main
             */
            branch?: string;
            /** @description Full SHA of the commit; by default, the latest commit of the branch. */
            commit_sha?: string;
        };
        CreatedWebhookResponse: {
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            disabled_at: string | null;
            /**
             * @description Why it gets no messages.
             * @example null
             */
            disabled_reason: string | null;
            /** @example true */
            enabled: boolean;
            /**
             * @example [
             *       "deployment.live",
             *       "deployment.failed"
             *     ]
             */
            events: ("deployment.queued" | "deployment.building" | "deployment.live" | "deployment.failed" | "deployment.cancelled" | "environment.created" | "environment.sleeping" | "environment.awake" | "environment.crashed" | "environment.recovered" | "environment.destroyed" | "account.build_minutes" | "webhook.disabled")[];
            /**
             * Format: date-time
             * @description Since when no message was accepted; null while they are.
             * @example 2026-04-10T12:00:00.000Z
             */
            failing_since: string | null;
            /**
             * @description `standard` has a signature.
             * @example standard
             * @enum {string}
             */
            format: "standard" | "slack" | "discord" | "json";
            /** @example hook_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            /**
             * @description Null for a webhook of the whole account.
             * @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            project_id: string | null;
            /**
             * @description The secret that messages are signed with. It cannot be retrieved again.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            updated_at: string;
            /**
             * @description Null for the formats `slack`, `discord` and `json`, where the address is a secret.
             * @example https://example.com/nexos
             */
            url: string | null;
        };
        CreateExecutionDto: {
            /**
             * @description A program and its arguments, at most 4,096 characters each. `$NAME` and `${NAME}` are replaced by variables of the environment; unknown names are left as they are.
             * @example [
             *       "psql",
             *       "$DATABASE_URL",
             *       "-c",
             *       "select 1"
             *     ]
             */
            command: string[];
            /**
             * @description The container whose image and variables the command gets: `app`, or one of `containers`.
             * @default app
             * @example worker
             */
            container?: string;
            /**
             * @description Seconds after which the command is stopped.
             * @default 60
             */
            timeout_seconds?: number;
        };
        CreateProjectDto: {
            /**
             * @description Whether pushes are deployed automatically. Default: `true`.
             * @example true
             */
            auto_deploy?: boolean;
            branch_filter?: components["schemas"]["BranchFilterDto"];
            /**
             * @description Values for the ARG instructions of the Dockerfile. Put no secrets here: they can be read back from the image. Numbers are used as written.
             * @example {
             *       "NODE_VERSION": 22
             *     }
             */
            build_args?: {
                [key: string]: string | number | boolean;
            };
            /**
             * @description Directory that is sent to the build, relative to the root of the repository. Default: `"."`.
             * @example .
             */
            build_context?: string;
            /**
             * @description CPU cores that a build is meant to use. Kept, but not applied yet: all builds share the limits of the operator.
             * @example 2
             */
            build_cpu?: number | null;
            /**
             * @description Memory in MiB that a build is meant to use. Kept, but not applied yet: all builds share the limits of the operator.
             * @example 2048
             */
            build_memory_mb?: number | null;
            /**
             * @description Stage of the Dockerfile whose image runs the app. By default the last one.
             * @example production
             */
            build_target?: string | null;
            /**
             * @description Seconds after which a build is stopped and its deployment fails. Default: `900`.
             * @example 1800
             */
            build_timeout_seconds?: number;
            /** @description The text of a `nexos.yaml`: its fields become settings of the project, unless the body sets them too. */
            config?: string;
            /**
             * @description Path of the project's nexos.yaml, relative to the root of the repository. Projects of one repository can each have their own. Default: `"nexos.yaml"`.
             * @example apps/web/nexos.yaml
             */
            config_path?: string;
            /**
             * @description Further containers of each environment, beside the app. Each is built, or runs an image of a registry, or the app's image. A list in the file replaces the project's.
             * @example [
             *       {
             *         "name": "worker",
             *         "command": "node worker.js"
             *       }
             *     ]
             */
            containers?: ({
                /** @description Replaces the entrypoint of the image: a string for /bin/sh, or a list of arguments. */
                command?: string | string[];
                /** @description Build context; the app's by default. */
                context?: string;
                /** @description CPU limit in cores; 0.5 by default. */
                cpu?: number;
                /** @description Containers that must be up before this one starts. */
                depends_on?: string[];
                /** @description Dockerfile to build it with. */
                dockerfile?: string;
                /** @description Variables of this container beside `env` of the file; the project's override them. */
                env?: {
                    [key: string]: string | number | boolean;
                };
                /** @description Path of its health check, if it has a port; / by default. */
                health_check_path?: string;
                /** @description Image of a registry, in place of a build. */
                image?: string;
                /** @description Whether the container engine's init is process 1; true by default. */
                init?: boolean;
                /** @description Another name of memory_mb. */
                memory?: number;
                /** @description Memory in MiB; 512 by default. */
                memory_mb?: number;
                /** @description Its name, which is its host name on the environment's own network. */
                name: string;
                /** @description Whether the old container runs until the new one is up; true by default. */
                overlap?: boolean;
                /** @description Port that it listens on, passed to it as PORT. A public container without it has the one port that its image exposes, or 3000; no other is probed. */
                port?: number;
                /** @description Whether it gets a URL of its own; false by default. */
                public?: boolean;
                /** @description Seconds that it may take to come up, once it was started; 60 by default. */
                start_timeout_seconds?: number;
                /** @description Stage of the Dockerfile; the last one by default. */
                target?: string;
            } & (unknown & unknown & unknown))[];
            /**
             * @description CPU limit of the app in cores; part of it is reserved for the app. Default: `0.5`.
             * @example 0.5
             */
            cpu?: number;
            /**
             * @description What deploys a branch: push means every push; pull_request means only while the branch has an open pull request, and closing it destroys the environment. Default: `"push"`.
             * @example pull_request
             * @enum {string}
             */
            deploy_on?: "push" | "pull_request";
            /**
             * @description Path of the Dockerfile, relative to the root of the repository. Default: `"Dockerfile"`.
             * @example Dockerfile
             */
            dockerfile?: string;
            /**
             * @description Environment variables of the app. Put no secrets here; the project's environment variables override these. Numbers are used as written.
             * @example {
             *       "LOG_LEVEL": "debug",
             *       "FEATURE_X": true
             *     }
             */
            env?: {
                [key: string]: string | number | boolean;
            };
            /**
             * @description Days without a push or a deployment after which an environment is destroyed. Null: never.
             * @example 14
             */
            expires_after_days?: number | null;
            github?: components["schemas"]["GithubDto"];
            /**
             * @description The repository on GitHub, as `owner/name`.
             * @example octocat/my-app
             */
            github_repo: string;
            /**
             * @description Path of the health check: a new version takes over once GET on it returns a status below 500. Default: `"/"`.
             * @example /health
             */
            health_check_path?: string;
            hooks?: components["schemas"]["HooksDto"];
            /**
             * @description Whether the container engine's init is process 1, which passes on signals and reaps processes. False for an image whose own init must be process 1, such as s6-overlay or systemd. Default: `true`.
             * @example false
             */
            init?: boolean;
            /**
             * @description Memory of the app in MiB: this much is reserved, and the app cannot use more. Default: `512`.
             * @example 512
             */
            memory_mb?: number;
            /**
             * @description May be left out if `config` has a name.
             * @example my-app
             */
            name?: string;
            /**
             * @description Port that the app listens on, passed to the app as PORT. Default: `3000`.
             * @example 8080
             */
            port?: number;
            pull_requests?: components["schemas"]["PullRequestsDto"];
            /**
             * @description Seconds that the app may take to begin a response, and be silent in the middle of one. A request that accepts text/event-stream has an hour. Default: `120`.
             * @example 600
             */
            request_timeout_seconds?: number;
            services?: components["schemas"]["ServicesDto"];
            /**
             * @description Minutes without a request after which an environment sleeps until the next request. Null: never.
             * @example 60
             */
            sleep_after_minutes?: number | null;
            /**
             * @description Seconds that a started app may take to answer the health check, before its deployment or resume fails. Default: `60`.
             * @example 300
             */
            start_timeout_seconds?: number;
            /**
             * @description Seconds between SIGTERM and SIGKILL when the app is replaced, paused or destroyed. Default: `10`.
             * @example 30
             */
            stop_grace_seconds?: number;
            /**
             * @description Globs of the paths that the app is made of: a push that changes none of them, compared with the live commit, is not built. A glob with ! excludes paths. An empty list means all paths.
             * @example [
             *       "apps/web",
             *       "packages/**",
             *       "!**\/*.md"
             *     ]
             */
            watch_paths?: string[];
        };
        CreateWebhookDto: {
            /**
             * @example [
             *       "deployment.live",
             *       "deployment.failed"
             *     ]
             */
            events: ("deployment.queued" | "deployment.building" | "deployment.live" | "deployment.failed" | "deployment.cancelled" | "environment.created" | "environment.sleeping" | "environment.awake" | "environment.crashed" | "environment.recovered" | "environment.destroyed" | "account.build_minutes" | "webhook.disabled")[];
            /**
             * @description The secret that messages are signed with: `whsec_` and 24 to 64 bytes in base64. By default, a random one.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret?: string;
            /**
             * @description Where messages are sent: a public http or https address.
             * @example https://example.com/nexos
             */
            url: string;
        };
        CredentialResponse: {
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            expires_at: string | null;
            /** @example key_01k00000000000000000000000 */
            id: string;
            /**
             * @description The projects that the key is limited to; null for all of the account.
             * @example null
             */
            project_ids: string[] | null;
            /**
             * @example [
             *       "read"
             *     ]
             */
            scopes: ("read" | "write" | "admin")[];
            /** @enum {string} */
            type: "api_key" | "session";
        };
        DailyUsageResponse: {
            /**
             * @description Seconds that builds ran on the day, running ones included.
             * @example 1260
             */
            build_seconds: number;
            /**
             * @description Builds that began on the day. One that begins again after its builder was lost counts once.
             * @example 14
             */
            builds: number;
            /**
             * Format: date
             * @description The day, in UTC.
             * @example 2026-04-10
             */
            date: string;
            /**
             * @description The project, which may have been deleted since.
             * @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            project_id: string;
        };
        DatabaseBackupResponse: {
            /**
             * Format: date-time
             * @description When the backup is deleted.
             * @example 2026-04-10T12:00:00.000Z
             */
            expires_at: string;
            /**
             * @description Identifies the backup in a restore.
             * @example 1
             */
            generation: number;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            taken_at: string;
        };
        DeliveryResponse: {
            /**
             * @description Number of attempts to process the delivery since it was received or last replayed.
             * @example 1
             */
            attempts: number;
            /**
             * @description The branch that was pushed or deleted, if any.
             * @example main
             */
            branch: string | null;
            /**
             * @description The commit that the branch points to after the push; null if the branch was deleted.
             * @example 6dcb09b5b57875f334f61aebed695e2e4193db5e
             */
            commit_sha: string | null;
            /**
             * @description The error of the last attempt, if it failed.
             * @example null
             */
            error: string | null;
            /**
             * @description The X-GitHub-Event header.
             * @example push
             */
            event: string;
            /**
             * @description The X-GitHub-Delivery header.
             * @example 72d3162e-cc78-11e3-81ab-4c9367dc0958
             */
            id: string;
            /**
             * @description `accepted` until the delivery is processed; separated by commas if its projects differ.
             * @example deployed
             */
            outcome: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            processed_at: string | null;
            /** @description The result in each project of the repository. */
            projects: components["schemas"]["DeliveryResultResponse"][];
            /**
             * @description Why the delivery changed no environment; separated by commas if its projects differ.
             * @example null
             */
            reason: string | null;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            received_at: string;
            /**
             * Format: date-time
             * @description When the delivery was last replayed; the outcome is then that of the replay.
             * @example 2026-04-10T12:00:00.000Z
             */
            replayed_at: string | null;
            /**
             * @description The API key or session that last replayed it.
             * @example null
             */
            replayed_by: string | null;
            /** @example octocat/my-app */
            repository: string | null;
        };
        DeliveryResultResponse: {
            /** @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a */
            deployment_id: string | null;
            /**
             * @example deployed
             * @enum {string}
             */
            outcome: "accepted" | "deployed" | "destroyed" | "ignored" | "skipped" | "renamed" | "updated" | "in-doubt" | "failed";
            /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
            project_id: string;
            /**
             * @example null
             * @enum {string|null}
             */
            reason: "older" | "same_commit" | "order_unknown" | "auto_deploy_off" | "branch_filter" | "skip_mark" | "watch_paths" | "fork" | "base_branch" | "no_pull_request" | "draft" | "no_label" | "pull_request" | "deploys_pushes" | "deploys_already" | "other_pull_request" | "no_environment" | "not_approved" | "approval" | "approval_withdrawn" | "no_fork" | "own_webhook" | "other_app" | "unknown_check" | "requested_action" | "installation_suspended" | "installation_removed" | "repository_not_connected" | "repository_inaccessible" | "access_unconfirmed" | "no_project" | "other_repository" | "tag" | "branch_created" | "ping" | "event" | "error" | null;
        };
        DeploymentEventResponse: {
            /**
             * @description The id of the API key or session that caused it, `github`, `github:LOGIN` for a user who asked for it on GitHub, or `system`.
             * @example system
             */
            actor: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            at: string;
            /**
             * @description Details that depend on the type.
             * @example {}
             */
            data: {
                [key: string]: unknown;
            };
            /**
             * @example building
             * @enum {string|null}
             */
            from: "queued" | "building" | "deploying" | "live" | "replaced" | "failed" | "cancelled" | "superseded" | null;
            /**
             * @description Send it as `cursor` to list older events; it cannot be used to list newer ones.
             * @example 1042
             */
            id: string;
            /**
             * @description A stable code, such as `newer_deployment` or a failure code.
             * @example null
             */
            reason: string | null;
            /**
             * @example deploying
             * @enum {string|null}
             */
            to: "queued" | "building" | "deploying" | "live" | "replaced" | "failed" | "cancelled" | "superseded" | null;
            /**
             * @description New types may be added.
             * @enum {string}
             */
            type: "status";
        };
        DeploymentFailureResponse: {
            /**
             * @description A stable code that clients can branch on.
             * @example build_timeout
             * @enum {string}
             */
            code: "repository_unreachable" | "repository_access_denied" | "commit_not_found" | "branch_not_found" | "config_invalid" | "context_not_found" | "context_too_large" | "file_name_invalid" | "dockerfile_missing" | "dockerfile_invalid" | "build_source_forbidden" | "base_image_unavailable" | "build_step_failed" | "push_failed" | "build_timeout" | "image_too_large" | "image_limit" | "builder_lost" | "quota_exceeded" | "image_missing" | "secrets_unreadable" | "variables_invalid" | "service_not_ready" | "hook_failed" | "no_capacity" | "app_exited" | "app_not_answering" | "app_unhealthy" | "disk_full" | "engine_unavailable" | "internal_error";
            /**
             * @description What happened, and what to do about it.
             * @example The build took longer than 900 s. Make it faster, or raise the project's build_timeout_seconds.
             */
            message: string;
        };
        DeploymentResponse: {
            /** @example main */
            branch: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            built_at: string | null;
            /**
             * @description From the push; null if there was no push.
             * @example The Octocat
             */
            commit_author: string | null;
            /**
             * @description From the push; null if there was no push.
             * @example Fix all the bugs
             */
            commit_message: string | null;
            /**
             * @description Null until a builder has looked up the latest commit of the branch.
             * @example 6dcb09b5b57875f334f61aebed695e2e4193db5e
             */
            commit_sha: string | null;
            /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
            environment_id: string;
            /** @example null */
            failure: components["schemas"]["DeploymentFailureResponse"] | null;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            finished_at: string | null;
            /** @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            /**
             * @description Identifies the built image: `sha256:…`, or `repository@sha256:…` with a registry; null until it is built.
             * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            image_digest: string | null;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            live_at: string | null;
            /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
            project_id: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            queued_at: string;
            /**
             * @description Why a `cancelled` deployment was not built: nothing that `watch_paths` names has changed, or the message of its commit, of which no webhook told, has a skip mark. Otherwise null.
             * @example null
             * @enum {string|null}
             */
            skip_reason: "watch_paths" | "skip_mark" | null;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            started_at: string | null;
            /**
             * @example live
             * @enum {string}
             */
            status: "queued" | "building" | "deploying" | "live" | "replaced" | "failed" | "cancelled" | "superseded";
            /** @enum {string} */
            trigger: "push" | "rebuild" | "api" | "rollback";
            /**
             * Format: uri
             * @example https://main-my-app.nexos.dev
             */
            url: string;
        };
        DeploysPausedResponse: {
            /** @description What happened and what to do, for people. */
            message: string;
            /**
             * @example installation_suspended
             * @enum {string}
             */
            reason: "installation_suspended" | "installation_removed" | "repository_not_connected" | "repository_inaccessible";
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            since: string;
        };
        EnvironmentContainerResponse: {
            /** @description Null unless the environment is running, and until it is known. */
            health: components["schemas"]["ContainerHealthResponse"] | null;
            /**
             * @description `app`, or a name in `containers`.
             * @example api
             */
            name: string;
            /**
             * Format: uri
             * @description Null unless it is public.
             * @example https://main-my-app-api.nexos.dev
             */
            url: string | null;
        };
        EnvironmentDetailsResponse: {
            /** @example main */
            branch: string;
            /** @description The containers of the live version, with the app first. Empty while no version is live. */
            containers: components["schemas"]["EnvironmentContainerResponse"][];
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            destroyed_at: string | null;
            /**
             * @description Whether the live version works; null unless the environment is running.
             * @example null
             */
            health: components["schemas"]["EnvironmentHealthResponse"] | null;
            /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            /**
             * @description Why the environment has the status `failed`, why an action takes longer than usual, or that the live version keeps exiting: what happened, and what to do or that Nexos keeps trying. Null once the action has succeeded, and the version is stable. For a failed deployment, see its `failure`.
             * @example null
             */
            last_error: components["schemas"]["EnvironmentErrorResponse"] | null;
            /**
             * @description The newest deployment, whatever its status.
             * @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            latest_deployment_id: string | null;
            /**
             * @description The deployment that serves the URL; null before the first one does.
             * @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            live_deployment_id: string | null;
            /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
            project_id: string;
            /**
             * @description The settings that the live version was built and runs with, by name: `value`, and `source`, which is where it comes from (`default`, `project` or `nexos.yaml`; `unknown` if an earlier release of Nexos built the version). Null while no version is live. A change of a setting shows once a version with it is live.
             * @example {
             *       "port": {
             *         "value": 8080,
             *         "source": "nexos.yaml"
             *       },
             *       "memory_mb": {
             *         "value": 1024,
             *         "source": "project"
             *       },
             *       "stop_grace_seconds": {
             *         "value": 10,
             *         "source": "default"
             *       },
             *       "services.postgres": {
             *         "value": false,
             *         "source": "default"
             *       },
             *       "env": {
             *         "value": [
             *           "LOG_LEVEL"
             *         ],
             *         "source": "nexos.yaml"
             *       }
             *     }
             */
            settings: {
                [key: string]: {
                    /** @enum {string} */
                    source: "default" | "image" | "project" | "nexos.yaml" | "unknown";
                    /** @description The value that counts; of variables only their names. */
                    value: (string | number | boolean | (string | {
                        [key: string]: unknown;
                    })[] | {
                        [key: string]: unknown;
                    }) | null;
                };
            } | null;
            /**
             * @example running
             * @enum {string}
             */
            status: "pending" | "running" | "pausing" | "paused" | "resuming" | "failed" | "destroying" | "destroyed" | "building" | "deploying" | "resetting" | "sleeping";
            /** @description The services for which the live version names `storageMb`, and how much of it they use. */
            storage: components["schemas"]["ServiceStorageResponse"][];
            /**
             * Format: uri
             * @example https://main-my-app.nexos.dev
             */
            url: string;
        };
        EnvironmentErrorResponse: {
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            at: string;
            /**
             * @description A stable code that clients can branch on.
             * @enum {string}
             */
            code: "repository_unreachable" | "repository_access_denied" | "commit_not_found" | "branch_not_found" | "config_invalid" | "context_not_found" | "context_too_large" | "file_name_invalid" | "dockerfile_missing" | "dockerfile_invalid" | "build_source_forbidden" | "base_image_unavailable" | "build_step_failed" | "push_failed" | "build_timeout" | "image_too_large" | "image_limit" | "builder_lost" | "quota_exceeded" | "image_missing" | "secrets_unreadable" | "variables_invalid" | "service_not_ready" | "hook_failed" | "no_capacity" | "app_exited" | "app_not_answering" | "app_unhealthy" | "disk_full" | "engine_unavailable" | "internal_error";
            /** @example The project's Postgres server did not answer within 120 s: it is pending. Deploy again; if that does not help, tell the operator. */
            message: string;
        };
        EnvironmentEventResponse: {
            /**
             * @description The id of the API key or session that caused it, `github`, `github:LOGIN` for a user who asked for it on GitHub, or `system`.
             * @example system
             */
            actor: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            at: string;
            /**
             * @description Details that depend on the type.
             * @example {}
             */
            data: {
                [key: string]: unknown;
            };
            /**
             * @description The previous status of the environment; for `execution`, of the command; for `health`, its previous state.
             * @example pending
             */
            from: string | null;
            /**
             * @description Send it as `cursor` to list older events; it cannot be used to list newer ones.
             * @example 1042
             */
            id: string;
            /**
             * @description A stable code, such as `newer_deployment` or a failure code.
             * @example null
             */
            reason: string | null;
            /**
             * @description The new status; null if the status did not change.
             * @example running
             */
            to: string | null;
            /**
             * @description New types may be added.
             * @enum {string}
             */
            type: "status" | "requested" | "database_reset" | "hooks_failed" | "execution" | "health" | "storage" | "repository" | "deploys_paused" | "deploys_resumed" | "build_minutes";
        };
        EnvironmentHealthResponse: {
            last_exit: components["schemas"]["LastExitResponse"] | null;
            /**
             * @description What happened, and what to do.
             * @example The app ran out of memory 3 times: it may use 512 MiB. Raise memory_mb in the project's settings or in nexos.yaml, or make it use less.
             */
            message: string;
            /**
             * @description Exits of the live version since it went live or was resumed, in the last 24 hours.
             * @example 3
             */
            restarts: number;
            /**
             * Format: date-time
             * @description When it entered this state.
             * @example 2026-04-10T12:00:00.000Z
             */
            since: string;
            /**
             * @example out_of_memory
             * @enum {string}
             */
            state: "healthy" | "starting" | "crash_looping" | "out_of_memory" | "unreachable" | "unknown";
        };
        EnvironmentResponse: {
            /** @example main */
            branch: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            destroyed_at: string | null;
            /**
             * @description Whether the live version works; null unless the environment is running.
             * @example null
             */
            health: components["schemas"]["EnvironmentHealthResponse"] | null;
            /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            /**
             * @description Why the environment has the status `failed`, why an action takes longer than usual, or that the live version keeps exiting: what happened, and what to do or that Nexos keeps trying. Null once the action has succeeded, and the version is stable. For a failed deployment, see its `failure`.
             * @example null
             */
            last_error: components["schemas"]["EnvironmentErrorResponse"] | null;
            /**
             * @description The newest deployment, whatever its status.
             * @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            latest_deployment_id: string | null;
            /**
             * @description The deployment that serves the URL; null before the first one does.
             * @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            live_deployment_id: string | null;
            /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
            project_id: string;
            /**
             * @example running
             * @enum {string}
             */
            status: "pending" | "running" | "pausing" | "paused" | "resuming" | "failed" | "destroying" | "destroyed" | "building" | "deploying" | "resetting" | "sleeping";
            /**
             * Format: uri
             * @example https://main-my-app.nexos.dev
             */
            url: string;
        };
        EnvVarResponse: {
            /**
             * @description The branch, or glob of branches, that it applies to; null for all.
             * @example feature/*
             */
            branch: string | null;
            /**
             * @description Whether builds get it: as a secret, as a build argument, or not at all (null).
             * @example secret
             * @enum {string|null}
             */
            build: "secret" | "arg" | null;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            created_at: string;
            /** @example var_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            /** @example API_TOKEN */
            key: string;
            /**
             * @description Whether logs show `[redacted]` in place of the value.
             * @example true
             */
            secret: boolean;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            updated_at: string;
            /**
             * @description Always this mask; values are never returned.
             * @example ********
             */
            value: string;
        };
        ExecutionFailureResponse: {
            /**
             * @description A stable code that clients can branch on.
             * @example not_started
             * @enum {string}
             */
            code: "worker_lost" | "container_lost" | "not_started" | "no_shell" | "service_missing" | "image_missing" | "service_not_ready" | "secrets_unreadable" | "variables_invalid" | "internal_error";
            /**
             * @description What happened, and what to do about it.
             * @example The container could not be started in time. Try again later.
             */
            message: string;
        };
        ExecutionLogEndEvent: {
            /** @example 0 */
            exit_code: number | null;
            /**
             * @example exited
             * @enum {string}
             */
            status: "queued" | "running" | "exited" | "failed" | "timed_out" | "cancelled";
        };
        ExecutionLogResponse: {
            /** @example 0 */
            exit_code: number | null;
            lines: components["schemas"]["LogLineResponse"][];
            /**
             * @description Cursor of the next page; null if the execution has finished and these are its last lines.
             * @example 1-42
             */
            next_cursor: string | null;
            /**
             * @example exited
             * @enum {string}
             */
            status: "queued" | "running" | "exited" | "failed" | "timed_out" | "cancelled";
        };
        ExecutionResponse: {
            /**
             * @description As requested.
             * @example [
             *       "psql",
             *       "$DATABASE_URL",
             *       "-c",
             *       "select 1"
             *     ]
             */
            command: string[];
            /**
             * @description The container whose image and variables the command gets.
             * @example app
             */
            container: string;
            /**
             * @description The version whose image the command runs in; null until it starts.
             * @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            deployment_id: string | null;
            /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
            environment_id: string;
            /**
             * @description Exit code of the program; null unless the status is `exited`.
             * @example 0
             */
            exit_code: number | null;
            /** @example null */
            failure: components["schemas"]["ExecutionFailureResponse"] | null;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            finished_at: string | null;
            /** @example exec_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
            project_id: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            queued_at: string;
            /**
             * @description The id of the API key or session that requested it.
             * @example key_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            requested_by: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            started_at: string | null;
            /**
             * @example exited
             * @enum {string}
             */
            status: "queued" | "running" | "exited" | "failed" | "timed_out" | "cancelled";
            /** @example 60 */
            timeout_seconds: number;
        };
        FieldErrorResponse: {
            /**
             * @description A field of the body, the query or the headers, or a path parameter. Nested fields are separated by dots.
             * @example github_repo
             */
            field: string;
            /**
             * @description Completes a sentence that begins with the name of the field.
             * @example must be owner/name, as in the URL of the repository
             */
            message: string;
        };
        GithubAppResponse: {
            /**
             * @description GitHub's id of the App.
             * @example 4242
             */
            app_id: number | null;
            /**
             * @description Whether Nexos uses an App.
             * @example true
             */
            configured: boolean;
            /**
             * @description The page of the App on GitHub.
             * @example https://github.com/apps/nexos-of-acme
             */
            html_url: string | null;
            /**
             * @description Events to subscribe to in the settings of the App on GitHub. Null if GitHub does not tell.
             * @example []
             */
            missing_events: string[] | null;
            /**
             * @description Permissions that the App itself lacks: grant them in its settings on GitHub. The owner of each installation then accepts them, which this list does not show. Null if GitHub does not tell; see `problem`.
             * @example []
             */
            missing_permissions: components["schemas"]["MissingPermissionResponse"][] | null;
            /** @example Nexos of Acme */
            name: string | null;
            /**
             * @description Why the App cannot be used, or why GitHub tells nothing about it.
             * @example null
             */
            problem: string | null;
            /** @example nexos-of-acme */
            slug: string | null;
            /**
             * @description `environment`: from GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY. `stored`: created with `POST /github/app-manifest`.
             * @example stored
             * @enum {string|null}
             */
            source: "environment" | "stored" | null;
        };
        GithubDto: {
            /**
             * @description Whether each deployment is a check of its commit on GitHub. Applies to later deployments. Default: `true`.
             * @example false
             */
            checks?: boolean;
            /**
             * @description Whether a comment on the pull requests of a branch shows its environment. Default: `true`.
             * @example false
             */
            comments?: boolean;
            /**
             * @description Whether each deployment is shown as a deployment on GitHub. Applies to later deployments. Default: `true`.
             * @example false
             */
            deployments?: boolean;
        };
        GithubReportResponse: {
            /** @example main */
            branch: string;
            /**
             * @description Null for a comment.
             * @example 6dcb09b5b57875f334f61aebed695e2e4193db5e
             */
            commit_sha: string | null;
            /** @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a */
            deployment_id: string | null;
            /**
             * @description Why the last attempt failed, and what to do if anything can be done; null after a success.
             * @example The GitHub App has no access to octocat/my-app, or lacks the permission "checks: write". Grant it in the App's settings and accept it in the installation's.
             */
            error: string | null;
            /**
             * @description Failed attempts in a row.
             * @example 3
             */
            failures: number;
            /**
             * @description A `check` or a GitHub `deployment` of a deployment, the `comment` of a branch, or the check of a push that was skipped (`skip`).
             * @example check
             * @enum {string}
             */
            kind: "check" | "comment" | "deployment" | "skip";
            /**
             * Format: date-time
             * @description Null when GitHub need not be told.
             * @example 2026-04-10T12:00:00.000Z
             */
            next_attempt_at: string | null;
            /**
             * @description The state that GitHub was told last, in GitHub's words.
             * @example null
             */
            state: string | null;
            /**
             * @description `told`: GitHub has the last state. `waiting`: GitHub will be told, again if `error` is set. `failed`: GitHub refused, and is told again when the state changes, a push comes, or the owner of the installation accepts new permissions or ends its suspension.
             * @example failed
             * @enum {string}
             */
            status: "told" | "waiting" | "failed";
            /**
             * Format: date-time
             * @description When the state changed last, or the last attempt ended.
             * @example 2026-04-10T12:00:00.000Z
             */
            updated_at: string;
        };
        GithubReportsResponse: {
            /**
             * @description Why GitHub is told nothing of this project at all, and what to do; null if nothing prevents it.
             * @example null
             */
            obstacle: string | null;
            /** @description Those that changed last, newest first. */
            reports: components["schemas"]["GithubReportResponse"][];
        };
        GithubResponse: {
            /**
             * @description Whether each deployment is a check of its commit on GitHub. Applies to later deployments.
             * @example false
             */
            checks: boolean;
            /**
             * @description Whether a comment on the pull requests of a branch shows its environment.
             * @example false
             */
            comments: boolean;
            /**
             * @description Whether each deployment is shown as a deployment on GitHub. Applies to later deployments.
             * @example false
             */
            deployments: boolean;
        };
        HooksDto: {
            /**
             * @description Memory in MiB that each hook may use. By default as much as the app (`app.memory_mb`), but at least 1024.
             * @example 2048
             */
            memory?: number | null;
            /**
             * @description Command to run with each new version: a string for /bin/sh, or a list of arguments.
             * @example npm run migrate
             */
            on_deploy?: (string | string[]) | null;
            /**
             * @description Command to run once in a new environment: a string for /bin/sh, or a list of arguments.
             * @example npm run fixtures
             */
            on_new?: (string | string[]) | null;
            /**
             * @description Command to run when this version is rolled back to, in place of the other hooks: a string for /bin/sh, or a list of arguments.
             * @example npm run after-rollback
             */
            on_rollback?: (string | string[]) | null;
            /**
             * @description File in the repository with a dump that is restored into each new database.
             * @example db/seed.sql
             */
            seed?: string | null;
            /**
             * @description Stage of the Dockerfile whose image runs the commands, if the app's own image lacks the tools. It is built with the app.
             * @example build
             */
            target?: string | null;
        };
        HooksResponse: {
            /**
             * @description Memory in MiB that each hook may use. By default as much as the app (`app.memory_mb`), but at least 1024.
             * @example 2048
             */
            memory: number | null;
            /**
             * @description Command to run with each new version: a string for /bin/sh, or a list of arguments.
             * @example npm run migrate
             */
            on_deploy: (string | string[]) | null;
            /**
             * @description Command to run once in a new environment: a string for /bin/sh, or a list of arguments.
             * @example npm run fixtures
             */
            on_new: (string | string[]) | null;
            /**
             * @description Command to run when this version is rolled back to, in place of the other hooks: a string for /bin/sh, or a list of arguments.
             * @example npm run after-rollback
             */
            on_rollback: (string | string[]) | null;
            /**
             * @description File in the repository with a dump that is restored into each new database.
             * @example db/seed.sql
             */
            seed: string | null;
            /**
             * @description Stage of the Dockerfile whose image runs the commands, if the app's own image lacks the tools. It is built with the app.
             * @example build
             */
            target: string | null;
        };
        InstallationResponse: {
            /**
             * @description The page on GitHub where its repositories are selected.
             * @example https://github.com/organizations/acme/settings/installations/5823411
             */
            configure_url: string;
            /**
             * @description GitHub's id of the installation.
             * @example 5823411
             */
            id: number;
            /**
             * @description The user or organization that it belongs to.
             * @example acme
             */
            owner: string;
            /**
             * @description `User` or `Organization`.
             * @example Organization
             */
            owner_type: string;
            /**
             * @description Whether it gives access to all repositories of the owner, or to selected ones.
             * @enum {string}
             */
            repository_selection: "all" | "selected";
            /**
             * @description Only an `active` one gives access to repositories.
             * @enum {string}
             */
            status: "active" | "suspended" | "removed";
        };
        InstalledResponse: {
            /** @example The GitHub App is installed. GET /api/github/repositories lists the repositories that you can connect. */
            detail: string;
            /** @enum {string} */
            result: "installed" | "updated" | "requested";
        };
        JoinTokenResponse: {
            /**
             * @description The command to run on the machine that should become a node.
             * @example docker swarm join --token SWMTKN-1-… 10.0.0.1:2377
             */
            command: string;
            /**
             * @description Address of a manager, as `host:port`.
             * @example 10.0.0.1:2377
             */
            manager_address: string;
            /**
             * @description The join token. Keep it secret.
             * @example SWMTKN-1-…
             */
            token: string;
        };
        LastExitResponse: {
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            at: string;
            /** @example 137 */
            code: number;
            /**
             * @description Whether it ran out of memory.
             * @example true
             */
            out_of_memory: boolean;
            /**
             * @description The signal that ended it, if any.
             * @example SIGKILL
             */
            signal: string | null;
        };
        LimitsDto: {
            /**
             * @description Days for which a line of the audit log is kept.
             * @example 365
             */
            audit_retention_days?: number | null;
            /**
             * @description Build minutes in a period.
             * @example 5000
             */
            build_minutes?: number | null;
            /**
             * @description Builds that run at the same time.
             * @example 4
             */
            concurrent_builds?: number | null;
            /**
             * @description Containers of one environment, the app included.
             * @example 16
             */
            containers_per_environment?: number | null;
            /**
             * @description Environments of one project, except those that are being destroyed.
             * @example 100
             */
            environments_per_project?: number | null;
            /**
             * @description Days for which the log of a finished deployment is kept.
             * @example 90
             */
            log_retention_days?: number | null;
            /**
             * @description CPU cores of all active environments and of the services of their projects.
             * @example 64
             */
            max_cpu?: number | null;
            /**
             * @description Memory of all active environments and of the services of their projects, in MiB.
             * @example 131072
             */
            max_memory_mb?: number | null;
            /**
             * @description Projects. One that is being deleted counts until it is gone.
             * @example 25
             */
            max_projects?: number | null;
            /**
             * @description Environment variables of one project.
             * @example 500
             */
            variables_per_project?: number | null;
            /**
             * @description Webhooks and channels of one project; the account itself may have as many besides.
             * @example 20
             */
            webhooks_per_project?: number | null;
        };
        LimitsResponse: {
            /**
             * @description Build minutes in a period.
             * @example 5000
             */
            build_minutes: number;
            /**
             * @description CPU cores of all active environments and of the services of their projects.
             * @example 64
             */
            max_cpu: number;
            /**
             * @description Memory of all active environments and of the services of their projects, in MiB.
             * @example 131072
             */
            max_memory_mb: number;
            /**
             * @description Projects. One that is being deleted counts until it is gone.
             * @example 25
             */
            max_projects: number;
        };
        LogEndEvent: {
            /**
             * @example live
             * @enum {string}
             */
            status: "queued" | "building" | "deploying" | "live" | "replaced" | "failed" | "cancelled" | "superseded";
        };
        LogLineEvent: {
            /**
             * @description `system` for lines written by Nexos itself.
             * @enum {string}
             */
            stream: "stdout" | "stderr" | "system";
            /** @example Step 3/9 : RUN npm ci */
            text: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            time: string;
        };
        LogLineResponse: {
            /**
             * @description The position of the line. Send it as `cursor` or `Last-Event-ID` to continue after it.
             * @example 1-42
             */
            cursor: string;
            /**
             * @description `system` for lines written by Nexos itself.
             * @enum {string}
             */
            stream: "stdout" | "stderr" | "system";
            /** @example Step 3/9 : RUN npm ci */
            text: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            time: string;
        };
        LogResponse: {
            lines: components["schemas"]["LogLineResponse"][];
            /**
             * @description Cursor of the next page; null if the deployment has finished and these are its last lines.
             * @example 1-42
             */
            next_cursor: string | null;
            /**
             * @example building
             * @enum {string}
             */
            status: "queued" | "building" | "deploying" | "live" | "replaced" | "failed" | "cancelled" | "superseded";
        };
        MeResponse: {
            /** @example https://example.com/octocat.png */
            avatar_url: string | null;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            created_at: string;
            credential: components["schemas"]["CredentialResponse"];
            /** @example octocat@example.com */
            email: string | null;
            /**
             * @description Null, like `email` and `avatar_url`, for an account that does not sign in with GitHub.
             * @example octocat
             */
            github_login: string | null;
            /** @example user_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            is_operator: boolean;
            /** @example The Octocat */
            name: string;
            /**
             * @example pro
             * @enum {string}
             */
            plan: "free" | "pro" | "enterprise" | "operator";
        };
        MissingPermissionResponse: {
            /** @example null */
            granted: string | null;
            /** @example checks */
            name: string;
            /** @example write */
            needed: string;
        };
        NodeRemainingResponse: {
            /**
             * @description Null for what all environments share.
             * @example env_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            environment_id: string | null;
            /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
            project_id: string;
            /** @example It is being moved to another node. */
            reason: string;
        };
        NodeRemovalResponse: {
            /** @description Whether it goes on although `losses` are lost. */
            forced: boolean;
            /** @description What is lost with the node: projects with the data of their services, and environments with the only image of a version. Long lists are cut off. */
            losses: components["schemas"]["ProblemSubjectResponse"][];
            /** @description What it waits for, as last seen. Empty shortly after the request. */
            remaining: components["schemas"]["NodeRemainingResponse"][];
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            requested_at: string;
        };
        NodeResponse: {
            /** @example 10.0.0.1:2377 */
            address: string;
            /**
             * @description `active`, `pause` or `drain`. Only an active node gets new containers.
             * @example active
             */
            availability: string;
            /**
             * @description Number of cores.
             * @example 4
             */
            cpu: number;
            /** @example 28.2.2 */
            engine_version: string;
            /** @example machine-1 */
            hostname: string;
            /** @example node_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            is_leader: boolean;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            joined_at: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            last_seen_at: string;
            /** @example 16384 */
            memory_mb: number;
            /** @example null */
            removal: components["schemas"]["NodeRemovalResponse"] | null;
            /** @enum {string} */
            role: "manager" | "worker";
            /** @enum {string} */
            status: "ready" | "down" | "unknown" | "disconnected" | "removing";
        };
        OwnLimitsResponse: {
            /**
             * @description Days for which a line of the audit log is kept.
             * @example 365
             */
            audit_retention_days?: number;
            /**
             * @description Build minutes in a period.
             * @example 5000
             */
            build_minutes?: number;
            /**
             * @description Builds that run at the same time.
             * @example 4
             */
            concurrent_builds?: number;
            /**
             * @description Containers of one environment, the app included.
             * @example 16
             */
            containers_per_environment?: number;
            /**
             * @description Environments of one project, except those that are being destroyed.
             * @example 100
             */
            environments_per_project?: number;
            /**
             * @description Days for which the log of a finished deployment is kept.
             * @example 90
             */
            log_retention_days?: number;
            /**
             * @description CPU cores of all active environments and of the services of their projects.
             * @example 64
             */
            max_cpu?: number;
            /**
             * @description Memory of all active environments and of the services of their projects, in MiB.
             * @example 131072
             */
            max_memory_mb?: number;
            /**
             * @description Projects. One that is being deleted counts until it is gone.
             * @example 25
             */
            max_projects?: number;
            /**
             * @description Environment variables of one project.
             * @example 500
             */
            variables_per_project?: number;
            /**
             * @description Webhooks and channels of one project; the account itself may have as many besides.
             * @example 20
             */
            webhooks_per_project?: number;
        };
        PeriodResponse: {
            /**
             * Format: date-time
             * @description The end of the period, when the next one begins.
             * @example 2026-04-10T12:00:00.000Z
             */
            end: string;
            /**
             * Format: date-time
             * @description The start of the period, in which build minutes are counted.
             * @example 2026-04-10T12:00:00.000Z
             */
            start: string;
        };
        ProblemResponse: {
            /**
             * @description What happened, and what to do about it.
             * @example There is no project with this id.
             */
            detail: string;
            /** @description The invalid fields. */
            errors?: components["schemas"]["FieldErrorResponse"][];
            /**
             * @description What the account may use.
             * @example 25
             */
            limit?: number;
            /**
             * @description What the request adds.
             * @example 1
             */
            request?: number;
            /**
             * @description Identifies the request in the logs; also in the X-Request-Id header.
             * @example 0b6f7a52-6a3e-4f0e-9d0c-8a7a5a9c1f3e
             */
            request_id: string;
            /**
             * @description The limit that the request does not fit into. With `limit`, `usage` and `request`.
             * @example max_projects
             * @enum {string}
             */
            resource?: "max_projects" | "max_cpu" | "max_memory_mb" | "build_minutes" | "concurrent_builds" | "environments_per_project" | "containers_per_environment" | "variables_per_project" | "webhooks_per_project" | "log_retention_days" | "audit_retention_days";
            /** @example 404 */
            status: number;
            /** @description The resources that the error is about; long lists are cut off. */
            subjects?: components["schemas"]["ProblemSubjectResponse"][];
            /** @example Not found */
            title: string;
            /**
             * @description The kind of the error: a stable code that clients can branch on.
             * @example urn:nexos:problem:not-found
             */
            type: string;
            /**
             * @description What it uses without the request.
             * @example 25
             */
            usage?: number;
        };
        ProblemSubjectResponse: {
            /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            /** @example my-app */
            name: string;
            /** @enum {string} */
            type: "project" | "environment";
        };
        ProjectDeliveryResponse: {
            /**
             * @description Number of attempts to process the delivery since it was received or last replayed.
             * @example 1
             */
            attempts: number;
            /**
             * @description The branch that was pushed or deleted, if any.
             * @example main
             */
            branch: string | null;
            /**
             * @description The commit that the branch points to after the push; null if the branch was deleted.
             * @example 6dcb09b5b57875f334f61aebed695e2e4193db5e
             */
            commit_sha: string | null;
            /**
             * @description The deployment that the delivery queued.
             * @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            deployment_id: string | null;
            /**
             * @description The X-GitHub-Event header.
             * @example push
             */
            event: string;
            /**
             * @description The X-GitHub-Delivery header.
             * @example 72d3162e-cc78-11e3-81ab-4c9367dc0958
             */
            id: string;
            /**
             * @description `accepted` until the delivery is processed.
             * @example deployed
             * @enum {string}
             */
            outcome: "accepted" | "deployed" | "destroyed" | "ignored" | "skipped" | "renamed" | "updated" | "in-doubt" | "failed";
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            processed_at: string | null;
            /**
             * @description A stable code for why the delivery changed no environment.
             * @example null
             * @enum {string|null}
             */
            reason: "older" | "same_commit" | "order_unknown" | "auto_deploy_off" | "branch_filter" | "skip_mark" | "watch_paths" | "fork" | "base_branch" | "no_pull_request" | "draft" | "no_label" | "pull_request" | "deploys_pushes" | "deploys_already" | "other_pull_request" | "no_environment" | "not_approved" | "approval" | "approval_withdrawn" | "no_fork" | "own_webhook" | "other_app" | "unknown_check" | "requested_action" | "installation_suspended" | "installation_removed" | "repository_not_connected" | "repository_inaccessible" | "access_unconfirmed" | "no_project" | "other_repository" | "tag" | "branch_created" | "ping" | "event" | "error" | null;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            received_at: string;
            /**
             * Format: date-time
             * @description When the delivery was last replayed; the outcome is then that of the replay.
             * @example 2026-04-10T12:00:00.000Z
             */
            replayed_at: string | null;
            /** @example octocat/my-app */
            repository: string | null;
        };
        ProjectResponse: {
            /**
             * @description Whether pushes are deployed automatically.
             * @example true
             */
            auto_deploy: boolean;
            branch_filter: components["schemas"]["BranchFilterResponse"];
            /**
             * @description Values for the ARG instructions of the Dockerfile. Put no secrets here: they can be read back from the image. Numbers are used as written.
             * @example {
             *       "NODE_VERSION": 22
             *     }
             */
            build_args: {
                [key: string]: string | number | boolean;
            };
            /**
             * @description Directory that is sent to the build, relative to the root of the repository.
             * @example .
             */
            build_context: string;
            /**
             * @description CPU cores that a build is meant to use. Kept, but not applied yet: all builds share the limits of the operator.
             * @example 2
             */
            build_cpu: number | null;
            /**
             * @description Memory in MiB that a build is meant to use. Kept, but not applied yet: all builds share the limits of the operator.
             * @example 2048
             */
            build_memory_mb: number | null;
            /**
             * @description Stage of the Dockerfile whose image runs the app. By default the last one.
             * @example production
             */
            build_target: string | null;
            /**
             * @description Seconds after which a build is stopped and its deployment fails.
             * @example 1800
             */
            build_timeout_seconds: number;
            /**
             * @description Path of the project's nexos.yaml, relative to the root of the repository. Projects of one repository can each have their own.
             * @example apps/web/nexos.yaml
             */
            config_path: string;
            /**
             * @description Further containers of each environment, beside the app. Each is built, or runs an image of a registry, or the app's image. A list in the file replaces the project's.
             * @example [
             *       {
             *         "name": "worker",
             *         "command": "node worker.js"
             *       }
             *     ]
             */
            containers: ({
                /** @description Replaces the entrypoint of the image: a string for /bin/sh, or a list of arguments. */
                command?: string | string[];
                /** @description Build context; the app's by default. */
                context?: string;
                /** @description CPU limit in cores; 0.5 by default. */
                cpu?: number;
                /** @description Containers that must be up before this one starts. */
                depends_on?: string[];
                /** @description Dockerfile to build it with. */
                dockerfile?: string;
                /** @description Variables of this container beside `env` of the file; the project's override them. */
                env?: {
                    [key: string]: string | number | boolean;
                };
                /** @description Path of its health check, if it has a port; / by default. */
                health_check_path?: string;
                /** @description Image of a registry, in place of a build. */
                image?: string;
                /** @description Whether the container engine's init is process 1; true by default. */
                init?: boolean;
                /** @description Another name of memory_mb. */
                memory?: number;
                /** @description Memory in MiB; 512 by default. */
                memory_mb?: number;
                /** @description Its name, which is its host name on the environment's own network. */
                name: string;
                /** @description Whether the old container runs until the new one is up; true by default. */
                overlap?: boolean;
                /** @description Port that it listens on, passed to it as PORT. A public container without it has the one port that its image exposes, or 3000; no other is probed. */
                port?: number;
                /** @description Whether it gets a URL of its own; false by default. */
                public?: boolean;
                /** @description Seconds that it may take to come up, once it was started; 60 by default. */
                start_timeout_seconds?: number;
                /** @description Stage of the Dockerfile; the last one by default. */
                target?: string;
            } & (unknown & unknown & unknown))[];
            /**
             * @description CPU limit of the app in cores; part of it is reserved for the app.
             * @example 0.5
             */
            cpu: number;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            created_at: string;
            /**
             * @description What deploys a branch: push means every push; pull_request means only while the branch has an open pull request, and closing it destroys the environment.
             * @example pull_request
             * @enum {string}
             */
            deploy_on: "push" | "pull_request";
            /**
             * @description Why pushes and requests deploy nothing; null if they do. Environments keep running. Ends by itself once the reason does, and missed pushes are then deployed.
             * @example null
             */
            deploys_paused: components["schemas"]["DeploysPausedResponse"] | null;
            /**
             * @description Path of the Dockerfile, relative to the root of the repository.
             * @example Dockerfile
             */
            dockerfile: string;
            /**
             * @description Environment variables of the app. Put no secrets here; the project's environment variables override these. Numbers are used as written.
             * @example {
             *       "LOG_LEVEL": "debug",
             *       "FEATURE_X": true
             *     }
             */
            env: {
                [key: string]: string | number | boolean;
            };
            /**
             * @description Days without a push or a deployment after which an environment is destroyed. Null: never.
             * @example 14
             */
            expires_after_days: number | null;
            github: components["schemas"]["GithubResponse"];
            /** @example octocat/my-app */
            github_repo: string;
            /**
             * @description Path of the health check: a new version takes over once GET on it returns a status below 500.
             * @example /health
             */
            health_check_path: string;
            hooks: components["schemas"]["HooksResponse"];
            /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            /**
             * @description Whether the container engine's init is process 1, which passes on signals and reaps processes. False for an image whose own init must be process 1, such as s6-overlay or systemd.
             * @example false
             */
            init: boolean;
            /**
             * @description Memory of the app in MiB: this much is reserved, and the app cannot use more.
             * @example 512
             */
            memory_mb: number;
            /** @example my-app */
            name: string;
            /**
             * @description Port that the app listens on, passed to the app as PORT.
             * @example 8080
             */
            port: number;
            pull_requests: components["schemas"]["PullRequestsResponse"];
            /**
             * @description Seconds that the app may take to begin a response, and be silent in the middle of one. A request that accepts text/event-stream has an hour.
             * @example 600
             */
            request_timeout_seconds: number;
            services: components["schemas"]["ServicesResponse"];
            /**
             * @description Minutes without a request after which an environment sleeps until the next request. Null: never.
             * @example 60
             */
            sleep_after_minutes: number | null;
            /**
             * @description Part of the host names of its environments; never changes.
             * @example my-app
             */
            slug: string;
            /**
             * @description Seconds that a started app may take to answer the health check, before its deployment or resume fails.
             * @example 300
             */
            start_timeout_seconds: number;
            /**
             * @description `deleting` while its environments are being destroyed.
             * @enum {string}
             */
            status: "active" | "deleting";
            /**
             * @description Seconds between SIGTERM and SIGKILL when the app is replaced, paused or destroyed.
             * @example 30
             */
            stop_grace_seconds: number;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            updated_at: string;
            /**
             * @description Globs of the paths that the app is made of: a push that changes none of them, compared with the live commit, is not built. A glob with ! excludes paths. An empty list means all paths.
             * @example [
             *       "apps/web",
             *       "packages/**",
             *       "!**\/*.md"
             *     ]
             */
            watch_paths: string[];
            /**
             * @description How to set up that webhook; null if the webhook of the GitHub App serves all projects.
             * @example null
             */
            webhook_instructions: string | null;
            /**
             * @description Where the project's own webhook sends deliveries to (`POST /projects/{id}/webhook-secret`).
             * @example https://api.example.com/api/webhooks/github/proj_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            webhook_url: string;
        };
        PullRequestsDto: {
            /**
             * @description With deploy_on pull_request: whether drafts are deployed too. Default: `false`.
             * @example true
             */
            drafts?: boolean;
            /**
             * @description Whether pull requests of forks are deployed: never, or approved, which means each commit that somebody with write access approved in a review, without secrets. Default: `"never"`.
             * @example approved
             * @enum {string}
             */
            forks?: "never" | "approved";
            /**
             * @description With deploy_on pull_request: only pull requests with this label. Null: all.
             * @example preview
             */
            label?: string | null;
        };
        PullRequestsResponse: {
            /**
             * @description With deploy_on pull_request: whether drafts are deployed too.
             * @example true
             */
            drafts: boolean;
            /**
             * @description Whether pull requests of forks are deployed: never, or approved, which means each commit that somebody with write access approved in a review, without secrets.
             * @example approved
             * @enum {string}
             */
            forks: "never" | "approved";
            /**
             * @description With deploy_on pull_request: only pull requests with this label. Null: all.
             * @example preview
             */
            label: string | null;
        };
        PutRegistryDto: {
            /**
             * @description The registry: `host[:port]`. Docker Hub is `docker.io`.
             * @example ghcr.io
             */
            host: string;
            /**
             * @description The password, or a token with read access.
             * @example ghp_secret
             */
            password: string;
            /** @example acme-bot */
            user: string;
        };
        PutVariableDto: {
            /**
             * @description A branch or a glob of branches; all branches if left out, null or empty.
             * @example feature/*
             */
            branch?: string | null;
            /**
             * @description `secret`: steps with `RUN --mount=type=secret,id=KEY` can read it. `arg`: it is a build argument, which can be read back from the image. Null: builds do not get it. By default as before, and null for a new variable. The app gets it in any case.
             * @example secret
             * @enum {string|null}
             */
            build?: "secret" | "arg" | null;
            /**
             * @description Name of the variable: letters, digits and underscores, not beginning with a digit.
             * @example API_TOKEN
             */
            key: string;
            /**
             * @description Whether logs show `[redacted]` in place of the value. By default as before, and true for a new variable.
             * @example true
             */
            secret?: boolean;
            /** @example secret */
            value: string;
        };
        PutVariablesDto: {
            variables: components["schemas"]["PutVariableDto"][];
        };
        QuotaResponse: {
            /**
             * @description From 80 % of the build minutes on `nearly_used_up`, from 100 % on `used_up`: no new build starts until the next period.
             * @example ok
             * @enum {string}
             */
            build_minutes_level: "ok" | "nearly_used_up" | "used_up";
            limits: components["schemas"]["LimitsResponse"];
            period: components["schemas"]["PeriodResponse"];
            /**
             * @example pro
             * @enum {string}
             */
            plan: "free" | "pro" | "enterprise" | "operator";
            usage: components["schemas"]["UsageResponse"];
        };
        ReceiptResponse: {
            /**
             * @description The X-GitHub-Delivery header.
             * @example 72d3162e-cc78-11e3-81ab-4c9367dc0958
             */
            delivery: string;
            /**
             * @description `duplicate` if a delivery with this id was already received and has not failed; it is not processed again.
             * @example accepted
             * @enum {string}
             */
            outcome: "accepted" | "duplicate";
        };
        RegistryResponse: {
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            created_at: string;
            /** @example ghcr.io */
            host: string;
            /** @example reg_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            /**
             * @description Always this mask; passwords are never returned.
             * @example ********
             */
            password: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            updated_at: string;
            /** @example acme-bot */
            user: string;
        };
        ReplayDeliveryDto: {
            /**
             * @description Deploy the push even if it is older than the known state of its branch.
             * @default false
             * @example false
             */
            force?: boolean;
        };
        RepositoryProjectResponse: {
            /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            /** @example my-app */
            name: string;
            /** @example my-app */
            slug: string;
        };
        RepositoryResponse: {
            /**
             * @description Null shortly after the repository was created or added.
             * @example main
             */
            default_branch: string | null;
            /**
             * @description GitHub's id of the repository.
             * @example 1296269
             */
            id: number;
            /**
             * @description The installation that gives access to it.
             * @example 5823411
             */
            installation_id: number;
            /**
             * @description The value for `github_repo` of a project.
             * @example octocat/my-app
             */
            name: string;
            private: boolean;
            /** @description The projects of the account that use it, oldest first. */
            projects: components["schemas"]["RepositoryProjectResponse"][];
        };
        RestoreDto: {
            /**
             * @description The backup to restore; the latest by default.
             * @example 1
             */
            generation?: number;
        };
        RollBackDto: {
            /**
             * @description A deployment of the environment that was live before; by default, the last one before the live version.
             * @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            deployment_id?: string;
        };
        RuntimeLogEndEvent: {
            /**
             * @example destroyed
             * @enum {string}
             */
            status: "pending" | "running" | "pausing" | "paused" | "resuming" | "failed" | "destroying" | "destroyed" | "building" | "deploying" | "resetting" | "sleeping";
        };
        RuntimeLogLineEvent: {
            /**
             * @description The version that wrote it.
             * @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            deployment_id: string;
            /**
             * @description `system` for lines written by Nexos itself.
             * @enum {string}
             */
            stream: "stdout" | "stderr" | "system";
            /** @example Step 3/9 : RUN npm ci */
            text: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            time: string;
        };
        RuntimeLogLineResponse: {
            /**
             * @description The position of the line. Send it as `cursor` or `Last-Event-ID` to continue after it.
             * @example 1795690871675449988-0-dep_01jz8x6t3n5v7w9y1a2b3c4d5e
             */
            cursor: string;
            /**
             * @description The version that wrote it.
             * @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            deployment_id: string;
            /**
             * @description `system` for lines written by Nexos itself.
             * @enum {string}
             */
            stream: "stdout" | "stderr" | "system";
            /** @example Step 3/9 : RUN npm ci */
            text: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            time: string;
        };
        RuntimeLogResponse: {
            lines: components["schemas"]["RuntimeLogLineResponse"][];
            /**
             * @description Cursor of the next page; null if the environment is destroyed.
             * @example 1795690871675449988-0-dep_01jz8x6t3n5v7w9y1a2b3c4d5e
             */
            next_cursor: string | null;
            /**
             * @example running
             * @enum {string}
             */
            status: "pending" | "running" | "pausing" | "paused" | "resuming" | "failed" | "destroying" | "destroyed" | "building" | "deploying" | "resetting" | "sleeping";
        };
        ServicesDto: {
            /**
             * @description Whether each environment has a Postgres database, with which version and how much data. Default: `false`.
             * @example true
             */
            postgres?: boolean | {
                enabled?: boolean;
                storage_mb?: number | null;
                version?: string | null;
            };
            /**
             * @description Whether each environment has a Redis database, with which version and how much data. Default: `false`.
             * @example true
             */
            redis?: boolean | {
                enabled?: boolean;
                storage_mb?: number | null;
                version?: string | null;
            };
            /**
             * @description Whether each environment has an S3 bucket, with which version and how much data. Default: `false`.
             * @example false
             */
            s3?: boolean | {
                enabled?: boolean;
                storage_mb?: number | null;
                version?: string | null;
            };
        };
        ServicesResponse: {
            /**
             * @description Whether each environment has a Postgres database, with which version and how much data.
             * @example true
             */
            postgres: boolean | {
                enabled?: boolean;
                storage_mb?: number | null;
                version?: string | null;
            };
            /**
             * @description Whether each environment has a Redis database, with which version and how much data.
             * @example true
             */
            redis: boolean | {
                enabled?: boolean;
                storage_mb?: number | null;
                version?: string | null;
            };
            /**
             * @description Whether each environment has an S3 bucket, with which version and how much data.
             * @example false
             */
            s3: boolean | {
                enabled?: boolean;
                storage_mb?: number | null;
                version?: string | null;
            };
        };
        ServiceStorageResponse: {
            /**
             * @description `nearly_full` from 80 % of `storage_mb`, `full` from 100 %. Nothing is blocked.
             * @example nearly_full
             * @enum {string}
             */
            level: "ok" | "nearly_full" | "full";
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            measured_at: string | null;
            /** @enum {string} */
            service: "postgres" | "redis" | "s3";
            /**
             * @description MiB that the live version expects.
             * @example 5120
             */
            storage_mb: number;
            /**
             * @description MiB that the data of all of the project's environments takes; null until it was measured.
             * @example 4300
             */
            used_mb: number | null;
        };
        UpdateAccountDto: {
            /** @description Single limits, which win over those of the plan. Null restores the one of the plan; limits that are left out stay. */
            limits?: components["schemas"]["LimitsDto"];
            /**
             * @example pro
             * @enum {string}
             */
            plan?: "free" | "pro" | "enterprise" | "operator";
        };
        UpdateProjectDto: {
            /**
             * @description Whether pushes are deployed automatically. Default: `true`.
             * @example true
             */
            auto_deploy?: boolean;
            branch_filter?: components["schemas"]["BranchFilterDto"];
            /**
             * @description Values for the ARG instructions of the Dockerfile. Put no secrets here: they can be read back from the image. Numbers are used as written.
             * @example {
             *       "NODE_VERSION": 22
             *     }
             */
            build_args?: {
                [key: string]: string | number | boolean;
            };
            /**
             * @description Directory that is sent to the build, relative to the root of the repository. Default: `"."`.
             * @example .
             */
            build_context?: string;
            /**
             * @description CPU cores that a build is meant to use. Kept, but not applied yet: all builds share the limits of the operator.
             * @example 2
             */
            build_cpu?: number | null;
            /**
             * @description Memory in MiB that a build is meant to use. Kept, but not applied yet: all builds share the limits of the operator.
             * @example 2048
             */
            build_memory_mb?: number | null;
            /**
             * @description Stage of the Dockerfile whose image runs the app. By default the last one.
             * @example production
             */
            build_target?: string | null;
            /**
             * @description Seconds after which a build is stopped and its deployment fails. Default: `900`.
             * @example 1800
             */
            build_timeout_seconds?: number;
            /**
             * @description Path of the project's nexos.yaml, relative to the root of the repository. Projects of one repository can each have their own. Default: `"nexos.yaml"`.
             * @example apps/web/nexos.yaml
             */
            config_path?: string;
            /**
             * @description Further containers of each environment, beside the app. Each is built, or runs an image of a registry, or the app's image. A list in the file replaces the project's.
             * @example [
             *       {
             *         "name": "worker",
             *         "command": "node worker.js"
             *       }
             *     ]
             */
            containers?: ({
                /** @description Replaces the entrypoint of the image: a string for /bin/sh, or a list of arguments. */
                command?: string | string[];
                /** @description Build context; the app's by default. */
                context?: string;
                /** @description CPU limit in cores; 0.5 by default. */
                cpu?: number;
                /** @description Containers that must be up before this one starts. */
                depends_on?: string[];
                /** @description Dockerfile to build it with. */
                dockerfile?: string;
                /** @description Variables of this container beside `env` of the file; the project's override them. */
                env?: {
                    [key: string]: string | number | boolean;
                };
                /** @description Path of its health check, if it has a port; / by default. */
                health_check_path?: string;
                /** @description Image of a registry, in place of a build. */
                image?: string;
                /** @description Whether the container engine's init is process 1; true by default. */
                init?: boolean;
                /** @description Another name of memory_mb. */
                memory?: number;
                /** @description Memory in MiB; 512 by default. */
                memory_mb?: number;
                /** @description Its name, which is its host name on the environment's own network. */
                name: string;
                /** @description Whether the old container runs until the new one is up; true by default. */
                overlap?: boolean;
                /** @description Port that it listens on, passed to it as PORT. A public container without it has the one port that its image exposes, or 3000; no other is probed. */
                port?: number;
                /** @description Whether it gets a URL of its own; false by default. */
                public?: boolean;
                /** @description Seconds that it may take to come up, once it was started; 60 by default. */
                start_timeout_seconds?: number;
                /** @description Stage of the Dockerfile; the last one by default. */
                target?: string;
            } & (unknown & unknown & unknown))[];
            /**
             * @description CPU limit of the app in cores; part of it is reserved for the app. Default: `0.5`.
             * @example 0.5
             */
            cpu?: number;
            /**
             * @description What deploys a branch: push means every push; pull_request means only while the branch has an open pull request, and closing it destroys the environment. Default: `"push"`.
             * @example pull_request
             * @enum {string}
             */
            deploy_on?: "push" | "pull_request";
            /**
             * @description Path of the Dockerfile, relative to the root of the repository. Default: `"Dockerfile"`.
             * @example Dockerfile
             */
            dockerfile?: string;
            /**
             * @description Environment variables of the app. Put no secrets here; the project's environment variables override these. Numbers are used as written.
             * @example {
             *       "LOG_LEVEL": "debug",
             *       "FEATURE_X": true
             *     }
             */
            env?: {
                [key: string]: string | number | boolean;
            };
            /**
             * @description Days without a push or a deployment after which an environment is destroyed. Null: never.
             * @example 14
             */
            expires_after_days?: number | null;
            github?: components["schemas"]["GithubDto"];
            github_repo?: string;
            /**
             * @description Path of the health check: a new version takes over once GET on it returns a status below 500. Default: `"/"`.
             * @example /health
             */
            health_check_path?: string;
            hooks?: components["schemas"]["HooksDto"];
            /**
             * @description Whether the container engine's init is process 1, which passes on signals and reaps processes. False for an image whose own init must be process 1, such as s6-overlay or systemd. Default: `true`.
             * @example false
             */
            init?: boolean;
            /**
             * @description Memory of the app in MiB: this much is reserved, and the app cannot use more. Default: `512`.
             * @example 512
             */
            memory_mb?: number;
            name?: string;
            /**
             * @description Port that the app listens on, passed to the app as PORT. Default: `3000`.
             * @example 8080
             */
            port?: number;
            pull_requests?: components["schemas"]["PullRequestsDto"];
            /**
             * @description Seconds that the app may take to begin a response, and be silent in the middle of one. A request that accepts text/event-stream has an hour. Default: `120`.
             * @example 600
             */
            request_timeout_seconds?: number;
            services?: components["schemas"]["ServicesDto"];
            /**
             * @description Minutes without a request after which an environment sleeps until the next request. Null: never.
             * @example 60
             */
            sleep_after_minutes?: number | null;
            /**
             * @description Seconds that a started app may take to answer the health check, before its deployment or resume fails. Default: `60`.
             * @example 300
             */
            start_timeout_seconds?: number;
            /**
             * @description Seconds between SIGTERM and SIGKILL when the app is replaced, paused or destroyed. Default: `10`.
             * @example 30
             */
            stop_grace_seconds?: number;
            /**
             * @description Globs of the paths that the app is made of: a push that changes none of them, compared with the live commit, is not built. A glob with ! excludes paths. An empty list means all paths.
             * @example [
             *       "apps/web",
             *       "packages/**",
             *       "!**\/*.md"
             *     ]
             */
            watch_paths?: string[];
        };
        UpdateWebhookDto: {
            /**
             * @description False: messages that wait are dropped, and no new ones are sent. True: new ones are sent again.
             * @example true
             */
            enabled?: boolean;
            /**
             * @example [
             *       "deployment.failed"
             *     ]
             */
            events?: ("deployment.queued" | "deployment.building" | "deployment.live" | "deployment.failed" | "deployment.cancelled" | "environment.created" | "environment.sleeping" | "environment.awake" | "environment.crashed" | "environment.recovered" | "environment.destroyed" | "account.build_minutes" | "webhook.disabled")[];
            /**
             * @description Replaces the secret at once. Only for the format `standard`.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret?: string;
            /** @example https://example.com/nexos */
            url?: string;
        };
        UsageResponse: {
            /**
             * @description Build minutes used in the period, running builds included. Only the sum is rounded up.
             * @example 2340
             */
            build_minutes_used: number;
            /** @example 12 */
            projects: number;
            /**
             * @description CPU cores of all active environments, and of the services of their projects. During a deployment, an environment counts once, with the larger one of its versions.
             * @example 14.5
             */
            total_cpu: number;
            /**
             * @description Memory in MiB, counted in the same way.
             * @example 29696
             */
            total_memory_mb: number;
        };
        WebhookMessageResponse: {
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-04-10T12:00:00.000Z
             */
            at: string;
            /** @example 1 */
            attempts: number;
            /**
             * @description `data` of the message.
             * @example {
             *       "project": null
             *     }
             */
            data: {
                [key: string]: unknown;
            };
            /**
             * @description Why the last attempt failed.
             * @example null
             */
            error: string | null;
            /**
             * Format: date-time
             * @description When it was accepted or given up.
             * @example 2026-04-10T12:00:00.000Z
             */
            finished_at: string | null;
            /**
             * @description The header `webhook-id` of each attempt.
             * @example msg_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            id: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            last_attempt_at: string | null;
            /**
             * @description Milliseconds that the last attempt took.
             * @example 83
             */
            latency_ms: number | null;
            /**
             * Format: date-time
             * @description The earliest time of the next attempt; null once it has ended.
             * @example 2026-04-10T12:00:00.000Z
             */
            next_attempt_at: string | null;
            /**
             * @description HTTP status of the last response; null without one.
             * @example 200
             */
            response_status: number | null;
            /**
             * @description `pending` until the receiver has accepted it (`delivered`) or Nexos gives up (`failed`).
             * @example delivered
             * @enum {string}
             */
            status: "pending" | "delivered" | "failed";
            /**
             * @example deployment.live
             * @enum {string}
             */
            type: "deployment.queued" | "deployment.building" | "deployment.live" | "deployment.failed" | "deployment.cancelled" | "environment.created" | "environment.sleeping" | "environment.awake" | "environment.crashed" | "environment.recovered" | "environment.destroyed" | "account.build_minutes" | "webhook.disabled" | "test";
            /** @example hook_01kb2c7x9q4m8r5t6v3w0y1z2a */
            webhook_id: string;
        };
        WebhookResponse: {
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            disabled_at: string | null;
            /**
             * @description Why it gets no messages.
             * @example null
             */
            disabled_reason: string | null;
            /** @example true */
            enabled: boolean;
            /**
             * @example [
             *       "deployment.live",
             *       "deployment.failed"
             *     ]
             */
            events: ("deployment.queued" | "deployment.building" | "deployment.live" | "deployment.failed" | "deployment.cancelled" | "environment.created" | "environment.sleeping" | "environment.awake" | "environment.crashed" | "environment.recovered" | "environment.destroyed" | "account.build_minutes" | "webhook.disabled")[];
            /**
             * Format: date-time
             * @description Since when no message was accepted; null while they are.
             * @example 2026-04-10T12:00:00.000Z
             */
            failing_since: string | null;
            /**
             * @description `standard` has a signature.
             * @example standard
             * @enum {string}
             */
            format: "standard" | "slack" | "discord" | "json";
            /** @example hook_01kb2c7x9q4m8r5t6v3w0y1z2a */
            id: string;
            /**
             * @description Null for a webhook of the whole account.
             * @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            project_id: string | null;
            /**
             * Format: date-time
             * @example 2026-04-10T12:00:00.000Z
             */
            updated_at: string;
            /**
             * @description Null for the formats `slack`, `discord` and `json`, where the address is a secret.
             * @example https://example.com/nexos
             */
            url: string | null;
        };
        WebhookSecretResponse: {
            /**
             * Format: date-time
             * @description Until when the secret that it replaces is accepted; null if there was none.
             * @example 2026-04-10T12:00:00.000Z
             */
            previous_valid_until: string | null;
            /**
             * @description It cannot be retrieved again.
             * @example Vt3qkq7xJZ0mQh1C5v3b9s8dYw2nRr4LzTgUaEoKpXI
             */
            secret: string;
            /**
             * @description Where GitHub sends deliveries to.
             * @example https://api.example.com/api/webhooks/github/proj_01kb2c7x9q4m8r5t6v3w0y1z2a
             */
            webhook_url: string;
        };
    };
    responses: never;
    parameters: {
        /**
         * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
         * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
         */
        IdempotencyKey: string;
        /**
         * @description The ETag of the response that the caller already has.
         * @example "1f-3Cm8h0bq"
         */
        IfNoneMatch: string;
        /**
         * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
         * @example deploy-bot-000172
         */
        RequestId: string;
    };
    requestBodies: never;
    headers: {
        /**
         * @description Version of the response. Send it as If-None-Match to get 304 while nothing has changed.
         * @example "Zx3Cm8h0bqP1yL7n"
         */
        ETag: string;
        /**
         * @description Version of the response. Send it as If-None-Match to get 304 while nothing has changed. Absent on a stream.
         * @example "Zx3Cm8h0bqP1yL7n"
         */
        ETagOfPage: string;
        /**
         * @description `true` if this is the stored response to an earlier request with the same Idempotency-Key.
         * @example true
         */
        IdempotencyReplayed: "true";
        /**
         * @description URL of the next page (RFC 8288); absent on the last page.
         * @example </api/projects?limit=50&cursor=proj_01kb2c7x9q4m8r5t6v3w0y1z2a>; rel="next"
         */
        Link: string;
        /**
         * @description Requests allowed in the current window.
         * @example 1000
         */
        RateLimitLimit: number;
        /**
         * @description Requests left in the current window.
         * @example 598
         */
        RateLimitRemaining: number;
        /**
         * @description Seconds until the current window ends.
         * @example 12
         */
        RateLimitReset: number;
        /**
         * @description Identifies the request in the logs: the id that the caller sent, if valid, otherwise a new one.
         * @example 0b6f7a52-6a3e-4f0e-9d0c-8a7a5a9c1f3e
         */
        RequestId: string;
        /**
         * @description Seconds to wait before the next attempt.
         * @example 2
         */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "accounts.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List accounts */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "user_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "name": "The Octocat",
                     *         "github_login": "octocat",
                     *         "is_operator": true,
                     *         "plan": "pro",
                     *         "limits": {
                     *           "max_projects": 25,
                     *           "max_cpu": 64,
                     *           "max_memory_mb": 131072,
                     *           "build_minutes": 5000,
                     *           "concurrent_builds": 4,
                     *           "environments_per_project": 100,
                     *           "containers_per_environment": 16,
                     *           "variables_per_project": 500,
                     *           "webhooks_per_project": 20,
                     *           "log_retention_days": 90,
                     *           "audit_retention_days": 365
                     *         },
                     *         "own_limits": {
                     *           "max_projects": 25,
                     *           "max_cpu": 64,
                     *           "max_memory_mb": 131072,
                     *           "build_minutes": 5000,
                     *           "concurrent_builds": 4,
                     *           "environments_per_project": 100,
                     *           "containers_per_environment": 16,
                     *           "variables_per_project": 500,
                     *           "webhooks_per_project": 20,
                     *           "log_retention_days": 90,
                     *           "audit_retention_days": 365
                     *         },
                     *         "created_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["AccountResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "accounts.get": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example user_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get an account */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "user_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "name": "The Octocat",
                     *       "github_login": "octocat",
                     *       "is_operator": true,
                     *       "plan": "pro",
                     *       "limits": {
                     *         "max_projects": 25,
                     *         "max_cpu": 64,
                     *         "max_memory_mb": 131072,
                     *         "build_minutes": 5000,
                     *         "concurrent_builds": 4,
                     *         "environments_per_project": 100,
                     *         "containers_per_environment": 16,
                     *         "variables_per_project": 500,
                     *         "webhooks_per_project": 20,
                     *         "log_retention_days": 90,
                     *         "audit_retention_days": 365
                     *       },
                     *       "own_limits": {
                     *         "max_projects": 25,
                     *         "max_cpu": 64,
                     *         "max_memory_mb": 131072,
                     *         "build_minutes": 5000,
                     *         "concurrent_builds": 4,
                     *         "environments_per_project": 100,
                     *         "containers_per_environment": 16,
                     *         "variables_per_project": 500,
                     *         "webhooks_per_project": 20,
                     *         "log_retention_days": 90,
                     *         "audit_retention_days": 365
                     *       },
                     *       "created_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["AccountResponse"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "accounts.update": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example user_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "plan": "pro"
                 *     }
                 */
                "application/json": components["schemas"]["UpdateAccountDto"];
            };
        };
        responses: {
            /** @description Set an account's plan and limits */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "user_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "name": "The Octocat",
                     *       "github_login": "octocat",
                     *       "is_operator": true,
                     *       "plan": "pro",
                     *       "limits": {
                     *         "max_projects": 25,
                     *         "max_cpu": 64,
                     *         "max_memory_mb": 131072,
                     *         "build_minutes": 5000,
                     *         "concurrent_builds": 4,
                     *         "environments_per_project": 100,
                     *         "containers_per_environment": 16,
                     *         "variables_per_project": 500,
                     *         "webhooks_per_project": 20,
                     *         "log_retention_days": 90,
                     *         "audit_retention_days": 365
                     *       },
                     *       "own_limits": {
                     *         "max_projects": 25,
                     *         "max_cpu": 64,
                     *         "max_memory_mb": 131072,
                     *         "build_minutes": 5000,
                     *         "concurrent_builds": 4,
                     *         "environments_per_project": 100,
                     *         "containers_per_environment": 16,
                     *         "variables_per_project": 500,
                     *         "webhooks_per_project": 20,
                     *         "log_retention_days": 90,
                     *         "audit_retention_days": 365
                     *       },
                     *       "created_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["AccountResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "audit.list": {
        parameters: {
            query?: {
                /** @description Only the log of this account; for operators, who otherwise see all. */
                account_id?: string;
                /** @description Only lines with this action. */
                action?: "account.update" | "api_key.create" | "api_key.revoke" | "delivery.receive" | "delivery.replay" | "deployment.create" | "deployment.status" | "env_var.delete" | "env_var.put" | "environment.create" | "environment.database_reset" | "environment.hooks_failed" | "environment.pause" | "environment.reset" | "environment.restore" | "environment.resume" | "environment.sleep" | "environment.status" | "environment.wake" | "execution.cancel" | "execution.create" | "execution.status" | "fork.approve" | "fork.deny" | "fork.withdraw" | "github_app.create" | "github_app.delete" | "github_app.request" | "installation.link" | "installation.unlink" | "join_token.read" | "node.join" | "node.leave" | "node.remove" | "node.undrain" | "project.create" | "project.delete" | "project.deleted" | "project.deploys_paused" | "project.deploys_resumed" | "project.repository" | "project.update" | "queue.discard" | "queue.pause" | "queue.promote" | "queue.resume" | "queue.retry" | "registry.delete" | "registry.put" | "secrets.reseal" | "session.create" | "session.end" | "webhook.create" | "webhook.delete" | "webhook.disable" | "webhook.replay" | "webhook.test" | "webhook.update" | "webhook_secret.replace";
                /** @description Only changes by this API key, session or other actor. */
                actor?: string;
                /** @description Only requests from this address. */
                address?: string;
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
                /** @description Only changes of this project and what belongs to it. */
                project_id?: string;
                /** @description Only lines from this time on. */
                since?: string;
                /** @description Only changes of what has this id. */
                subject?: string;
                /** @description Only lines before this time. */
                until?: string;
            };
            header?: {
                /**
                 * @description `application/x-ndjson` to export the log.
                 * @example application/x-ndjson
                 */
                Accept?: string;
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the audit log */
            200: {
                headers: {
                    ETag: components["headers"]["ETagOfPage"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "1042",
                     *         "at": "2026-04-10T12:00:00.000Z",
                     *         "action": "project.update",
                     *         "actor": "key_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "actor_name": "ci",
                     *         "address": "192.0.2.7",
                     *         "request_id": "b0c4a0de-6b1a-4a3c-9c5e-2f8d1a7e9b3c",
                     *         "account_id": "user_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "subject": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "before": {
                     *           "name": "my-app"
                     *         },
                     *         "after": {
                     *           "name": "our-app"
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["AuditRecordResponse"][];
                    /** @example {"id":"1042","at":"2026-04-10T12:00:00.000Z","action":"api_key.revoke","actor":"key_01kb2c7x9q4m8r5t6v3w0y1z2a"} */
                    "application/x-ndjson": string;
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETagOfPage"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "apiKeys.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List API keys (masked) */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "key_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "name": "ci",
                     *         "prefix": "nxs_0123456789abcdef",
                     *         "scopes": [
                     *           "read",
                     *           "write"
                     *         ],
                     *         "project_ids": null,
                     *         "created_at": "2026-04-10T12:00:00.000Z",
                     *         "last_used_at": "2026-04-10T12:00:00.000Z",
                     *         "last_used_address": "192.0.2.7",
                     *         "last_used_user_agent": "curl/8.5.0",
                     *         "expires_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["ApiKeyResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "apiKeys.create": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "ci",
                 *       "scopes": [
                 *         "read",
                 *         "write",
                 *         "admin"
                 *       ],
                 *       "expires_at": "2027-04-10T12:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["CreateApiKeyDto"];
            };
        };
        responses: {
            /** @description Create a new API key */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "key_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "name": "ci",
                     *       "key": "nxs_0123456789abcdef_…",
                     *       "prefix": "nxs_0123456789abcdef",
                     *       "scopes": [
                     *         "read",
                     *         "write"
                     *       ],
                     *       "project_ids": null,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "expires_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedApiKeyResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "apiKeys.revoke": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example key_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key is revoked. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "signIn.begin": {
        parameters: {
            query?: {
                /** @description Path in the dashboard to return to after sign-in. */
                return_to?: string;
            };
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Redirect to GitHub */
            302: {
                headers: {
                    /**
                     * @description The authorization page on GitHub.
                     * @example https://github.com/login/oauth/authorize?…
                     */
                    Location: string;
                    /**
                     * @description The pending sign-in.
                     * @example nexos_sign_in=…
                     */
                    "Set-Cookie": string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "signIn.finish": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed in */
            302: {
                headers: {
                    /**
                     * @description The dashboard, or `/api/auth/me` in an installation without a dashboard.
                     * @example /api/auth/me
                     */
                    Location: string;
                    /**
                     * @description The session.
                     * @example nexos_session=…; HttpOnly; SameSite=Lax
                     */
                    "Set-Cookie": string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "logout.logout": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has ended. */
            204: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "me.get": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get current authenticated user */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "user_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "name": "The Octocat",
                     *       "github_login": "octocat",
                     *       "email": "octocat@example.com",
                     *       "avatar_url": "https://example.com/octocat.png",
                     *       "plan": "pro",
                     *       "is_operator": true,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "credential": {
                     *         "type": "api_key",
                     *         "id": "key_01k00000000000000000000000",
                     *         "scopes": [
                     *           "read"
                     *         ],
                     *         "project_ids": null,
                     *         "expires_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["MeResponse"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "deployments.get": {
        parameters: {
            query?: {
                /** @description Seconds to wait for the status to change. */
                wait?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get deployment details */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "environment_id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "trigger": "push",
                     *       "status": "live",
                     *       "branch": "main",
                     *       "commit_sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                     *       "commit_message": "Fix all the bugs",
                     *       "commit_author": "The Octocat",
                     *       "url": "https://main-my-app.nexos.dev",
                     *       "image_digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                     *       "failure": null,
                     *       "skip_reason": null,
                     *       "queued_at": "2026-04-10T12:00:00.000Z",
                     *       "started_at": "2026-04-10T12:00:00.000Z",
                     *       "built_at": "2026-04-10T12:00:00.000Z",
                     *       "live_at": "2026-04-10T12:00:00.000Z",
                     *       "finished_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["DeploymentResponse"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "deployments.cancel": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cancel a deployment */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "environment_id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "trigger": "push",
                     *       "status": "live",
                     *       "branch": "main",
                     *       "commit_sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                     *       "commit_message": "Fix all the bugs",
                     *       "commit_author": "The Octocat",
                     *       "url": "https://main-my-app.nexos.dev",
                     *       "image_digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                     *       "failure": null,
                     *       "skip_reason": null,
                     *       "queued_at": "2026-04-10T12:00:00.000Z",
                     *       "started_at": "2026-04-10T12:00:00.000Z",
                     *       "built_at": "2026-04-10T12:00:00.000Z",
                     *       "live_at": "2026-04-10T12:00:00.000Z",
                     *       "finished_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["DeploymentResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "deploymentEvents.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the events of a deployment */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "1042",
                     *         "data": {},
                     *         "actor": "system",
                     *         "reason": null,
                     *         "at": "2026-04-10T12:00:00.000Z",
                     *         "type": "status",
                     *         "from": "building",
                     *         "to": "deploying"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["DeploymentEventResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "deployments.logs": {
        parameters: {
            query?: {
                /** @description The `next_cursor` of the previous page; empty to read from the start. */
                cursor?: string;
                /** @description Maximum number of lines. A page also ends after 512 KiB. */
                limit?: number;
            };
            header?: {
                /**
                 * @description `text/event-stream` to follow the log.
                 * @example text/event-stream
                 */
                Accept?: string;
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description The id of the last event received, to resume an interrupted stream.
                 * @example 1-42
                 */
                "Last-Event-ID"?: string;
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example dep_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get build logs */
            200: {
                headers: {
                    ETag: components["headers"]["ETagOfPage"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "building",
                     *       "lines": [
                     *         {
                     *           "time": "2026-04-10T12:00:00.000Z",
                     *           "stream": "stdout",
                     *           "text": "Step 3/9 : RUN npm ci",
                     *           "cursor": "1-42"
                     *         }
                     *       ],
                     *       "next_cursor": "1-42"
                     *     }
                     */
                    "application/json": components["schemas"]["LogResponse"];
                    /**
                     * @example id: 1-42
                     *     event: line
                     *     data: {"time":"2026-04-10T12:00:00.000Z","stream":"stdout","text":"Step 3/9 : RUN npm ci"}
                     *
                     *     event: end
                     *     data: {"status":"live"}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETagOfPage"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "environments.get": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get environment details */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "branch": "main",
                     *       "status": "running",
                     *       "url": "https://main-my-app.nexos.dev",
                     *       "live_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "latest_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "last_error": null,
                     *       "health": null,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "destroyed_at": "2026-04-10T12:00:00.000Z",
                     *       "settings": {
                     *         "port": {
                     *           "value": 8080,
                     *           "source": "nexos.yaml"
                     *         },
                     *         "memory_mb": {
                     *           "value": 1024,
                     *           "source": "project"
                     *         },
                     *         "stop_grace_seconds": {
                     *           "value": 10,
                     *           "source": "default"
                     *         },
                     *         "services.postgres": {
                     *           "value": false,
                     *           "source": "default"
                     *         },
                     *         "env": {
                     *           "value": [
                     *             "LOG_LEVEL"
                     *           ],
                     *           "source": "nexos.yaml"
                     *         }
                     *       },
                     *       "containers": [
                     *         {
                     *           "name": "api",
                     *           "url": "https://main-my-app-api.nexos.dev",
                     *           "health": {
                     *             "state": "healthy",
                     *             "restarts": 0,
                     *             "message": "The container api is running and answers."
                     *           }
                     *         }
                     *       ],
                     *       "storage": [
                     *         {
                     *           "service": "postgres",
                     *           "level": "nearly_full",
                     *           "used_mb": 4300,
                     *           "storage_mb": 5120,
                     *           "measured_at": "2026-04-10T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["EnvironmentDetailsResponse"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "databases.list": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the database backups of an environment */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "generation": 1,
                     *         "taken_at": "2026-04-10T12:00:00.000Z",
                     *         "expires_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["DatabaseBackupResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "environmentDeployments.list": {
        parameters: {
            query?: {
                /** @description The exact name of a branch, not a glob. */
                branch?: string;
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
                status?: "queued" | "building" | "deploying" | "live" | "replaced" | "failed" | "cancelled" | "superseded";
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List deployments of an environment */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "environment_id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "trigger": "push",
                     *         "status": "live",
                     *         "branch": "main",
                     *         "commit_sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                     *         "commit_message": "Fix all the bugs",
                     *         "commit_author": "The Octocat",
                     *         "url": "https://main-my-app.nexos.dev",
                     *         "image_digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                     *         "failure": null,
                     *         "skip_reason": null,
                     *         "queued_at": "2026-04-10T12:00:00.000Z",
                     *         "started_at": "2026-04-10T12:00:00.000Z",
                     *         "built_at": "2026-04-10T12:00:00.000Z",
                     *         "live_at": "2026-04-10T12:00:00.000Z",
                     *         "finished_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["DeploymentResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "environments.destroy": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The environment is being destroyed, or is already destroyed. */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "branch": "main",
                     *       "status": "running",
                     *       "url": "https://main-my-app.nexos.dev",
                     *       "live_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "latest_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "last_error": null,
                     *       "health": null,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "destroyed_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EnvironmentResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "environmentEvents.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the events of an environment */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "1042",
                     *         "data": {},
                     *         "actor": "system",
                     *         "reason": null,
                     *         "at": "2026-04-10T12:00:00.000Z",
                     *         "type": "status",
                     *         "from": "pending",
                     *         "to": "running"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["EnvironmentEventResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "environmentExecutions.create": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "command": [
                 *         "psql",
                 *         "$DATABASE_URL",
                 *         "-c",
                 *         "select 1"
                 *       ],
                 *       "container": "worker",
                 *       "timeout_seconds": 60
                 *     }
                 */
                "application/json": components["schemas"]["CreateExecutionDto"];
            };
        };
        responses: {
            /** @description Run a command in an environment */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "exec_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "environment_id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "requested_by": "key_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "command": [
                     *         "psql",
                     *         "$DATABASE_URL",
                     *         "-c",
                     *         "select 1"
                     *       ],
                     *       "container": "app",
                     *       "timeout_seconds": 60,
                     *       "status": "exited",
                     *       "exit_code": 0,
                     *       "failure": null,
                     *       "queued_at": "2026-04-10T12:00:00.000Z",
                     *       "started_at": "2026-04-10T12:00:00.000Z",
                     *       "finished_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ExecutionResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "environmentExecutions.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the commands run in an environment */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "exec_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "environment_id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "requested_by": "key_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "command": [
                     *           "psql",
                     *           "$DATABASE_URL",
                     *           "-c",
                     *           "select 1"
                     *         ],
                     *         "container": "app",
                     *         "timeout_seconds": 60,
                     *         "status": "exited",
                     *         "exit_code": 0,
                     *         "failure": null,
                     *         "queued_at": "2026-04-10T12:00:00.000Z",
                     *         "started_at": "2026-04-10T12:00:00.000Z",
                     *         "finished_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["ExecutionResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "environmentLogs.read": {
        parameters: {
            query?: {
                /** @description Whose output to return: `app`, which is the default, or one of `containers`. */
                container?: string;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
                /** @description The version whose output to return, by default the live one. Of one that was replaced, the last lines are kept for a week. */
                deployment_id?: string;
                /** @description Only lines from this time on. */
                since?: string;
                /** @description Number of last lines to return, by default 100. */
                tail?: number;
            };
            header?: {
                /**
                 * @description `text/event-stream` to follow the log.
                 * @example text/event-stream
                 */
                Accept?: string;
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description The id of the last event received, to resume an interrupted stream.
                 * @example 1795690871675449988-0-dep_01jz8x6t3n5v7w9y1a2b3c4d5e
                 */
                "Last-Event-ID"?: string;
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get runtime logs */
            200: {
                headers: {
                    ETag: components["headers"]["ETagOfPage"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "running",
                     *       "lines": [
                     *         {
                     *           "time": "2026-04-10T12:00:00.000Z",
                     *           "stream": "stdout",
                     *           "text": "Step 3/9 : RUN npm ci",
                     *           "deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *           "cursor": "1795690871675449988-0-dep_01jz8x6t3n5v7w9y1a2b3c4d5e"
                     *         }
                     *       ],
                     *       "next_cursor": "1795690871675449988-0-dep_01jz8x6t3n5v7w9y1a2b3c4d5e"
                     *     }
                     */
                    "application/json": components["schemas"]["RuntimeLogResponse"];
                    /**
                     * @example id: 1795690871675449988-0-dep_01jz8x6t3n5v7w9y1a2b3c4d5e
                     *     event: line
                     *     data: {"time":"2026-11-26T11:01:11.675Z","stream":"stdout","text":"listening","deployment_id":"dep_01jz8x6t3n5v7w9y1a2b3c4d5e"}
                     *
                     *     event: end
                     *     data: {"status":"destroyed"}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETagOfPage"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "environments.pause": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stop every container */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "branch": "main",
                     *       "status": "running",
                     *       "url": "https://main-my-app.nexos.dev",
                     *       "live_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "latest_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "last_error": null,
                     *       "health": null,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "destroyed_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EnvironmentResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "environments.rebuild": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rebuild environment from the latest commit */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "branch": "main",
                     *       "status": "running",
                     *       "url": "https://main-my-app.nexos.dev",
                     *       "live_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "latest_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "last_error": null,
                     *       "health": null,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "destroyed_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EnvironmentResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope / The quota of the account is used up */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope" | "urn:nexos:problem:quota-exceeded";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state / The deploys of the project are paused */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict" | "urn:nexos:problem:project-paused";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "databases.reset": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reset the environment's database to an empty state */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "branch": "main",
                     *       "status": "running",
                     *       "url": "https://main-my-app.nexos.dev",
                     *       "live_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "latest_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "last_error": null,
                     *       "health": null,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "destroyed_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EnvironmentResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "environments.rebuild.restart": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rebuild environment from the latest commit */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "branch": "main",
                     *       "status": "running",
                     *       "url": "https://main-my-app.nexos.dev",
                     *       "live_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "latest_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "last_error": null,
                     *       "health": null,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "destroyed_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EnvironmentResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope / The quota of the account is used up */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope" | "urn:nexos:problem:quota-exceeded";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state / The deploys of the project are paused */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict" | "urn:nexos:problem:project-paused";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "databases.restore": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "generation": 1
                 *     }
                 */
                "application/json": components["schemas"]["RestoreDto"];
            };
        };
        responses: {
            /** @description Restore a database backup */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "branch": "main",
                     *       "status": "running",
                     *       "url": "https://main-my-app.nexos.dev",
                     *       "live_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "latest_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "last_error": null,
                     *       "health": null,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "destroyed_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EnvironmentResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "environments.resume": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Start previously-paused containers */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "branch": "main",
                     *       "status": "running",
                     *       "url": "https://main-my-app.nexos.dev",
                     *       "live_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "latest_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "last_error": null,
                     *       "health": null,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "destroyed_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EnvironmentResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope / The quota of the account is used up */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope" | "urn:nexos:problem:quota-exceeded";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "environments.rollBack": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example env_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a"
                 *     }
                 */
                "application/json": components["schemas"]["RollBackDto"];
            };
        };
        responses: {
            /** @description Roll back to an earlier version */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "branch": "main",
                     *       "status": "running",
                     *       "url": "https://main-my-app.nexos.dev",
                     *       "live_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "latest_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "last_error": null,
                     *       "health": null,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "destroyed_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EnvironmentResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope / The quota of the account is used up */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope" | "urn:nexos:problem:quota-exceeded";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "executions.get": {
        parameters: {
            query?: {
                /** @description Seconds to wait for the status to change. */
                wait?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example exec_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get execution details */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "exec_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "environment_id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "requested_by": "key_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "command": [
                     *         "psql",
                     *         "$DATABASE_URL",
                     *         "-c",
                     *         "select 1"
                     *       ],
                     *       "container": "app",
                     *       "timeout_seconds": 60,
                     *       "status": "exited",
                     *       "exit_code": 0,
                     *       "failure": null,
                     *       "queued_at": "2026-04-10T12:00:00.000Z",
                     *       "started_at": "2026-04-10T12:00:00.000Z",
                     *       "finished_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ExecutionResponse"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "executions.cancel": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example exec_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stop a command */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "exec_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "environment_id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "requested_by": "key_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "command": [
                     *         "psql",
                     *         "$DATABASE_URL",
                     *         "-c",
                     *         "select 1"
                     *       ],
                     *       "container": "app",
                     *       "timeout_seconds": 60,
                     *       "status": "exited",
                     *       "exit_code": 0,
                     *       "failure": null,
                     *       "queued_at": "2026-04-10T12:00:00.000Z",
                     *       "started_at": "2026-04-10T12:00:00.000Z",
                     *       "finished_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ExecutionResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "executions.logs": {
        parameters: {
            query?: {
                /** @description The `next_cursor` of the previous page; empty to read from the start. */
                cursor?: string;
                /** @description Maximum number of lines. A page also ends after 512 KiB. */
                limit?: number;
            };
            header?: {
                /**
                 * @description `text/event-stream` to follow the log.
                 * @example text/event-stream
                 */
                Accept?: string;
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description The id of the last event received, to resume an interrupted stream.
                 * @example 1-42
                 */
                "Last-Event-ID"?: string;
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example exec_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get the output of a command */
            200: {
                headers: {
                    ETag: components["headers"]["ETagOfPage"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "exited",
                     *       "exit_code": 0,
                     *       "lines": [
                     *         {
                     *           "time": "2026-04-10T12:00:00.000Z",
                     *           "stream": "stdout",
                     *           "text": "Step 3/9 : RUN npm ci",
                     *           "cursor": "1-42"
                     *         }
                     *       ],
                     *       "next_cursor": "1-42"
                     *     }
                     */
                    "application/json": components["schemas"]["ExecutionLogResponse"];
                    /**
                     * @example id: 1-42
                     *     event: line
                     *     data: {"time":"2026-04-10T12:00:00.000Z","stream":"stdout","text":"(1 row)"}
                     *
                     *     event: end
                     *     data: {"status":"exited","exit_code":0}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETagOfPage"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "githubApp.get": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get the GitHub App */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "configured": true,
                     *       "source": "stored",
                     *       "app_id": 4242,
                     *       "slug": "nexos-of-acme",
                     *       "name": "Nexos of Acme",
                     *       "html_url": "https://github.com/apps/nexos-of-acme",
                     *       "missing_permissions": [],
                     *       "missing_events": [],
                     *       "problem": null
                     *     }
                     */
                    "application/json": components["schemas"]["GithubAppResponse"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "githubApp.forget": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The App is forgotten. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "githubAppManifest.page": {
        parameters: {
            query: {
                /** @description As in the URL that `POST /github/app-manifest` returns. */
                state: string;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Show the page that creates the GitHub App */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
        };
    };
    "githubAppManifest.create": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "organization": "acme",
                 *       "name": "Nexos of Acme"
                 *     }
                 */
                "application/json": components["schemas"]["CreateAppManifestDto"];
            };
        };
        responses: {
            /** @description Start the creation of the GitHub App */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "url": "https://api.example.com/api/github/app-manifest?state=x1dLZbSTvbqxFk2wlAxpAX4fL8zYw0gYvNUJS7dCPLQ",
                     *       "expires_at": "2026-04-10T12:00:00.000Z",
                     *       "warnings": []
                     *     }
                     */
                    "application/json": components["schemas"]["AppManifestResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "githubAppManifest.finish": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Store the GitHub App that was created */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
        };
    };
    "githubInstall.begin": {
        parameters: {
            query?: {
                /** @description Path in the dashboard to return to after sign-in. */
                return_to?: string;
            };
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Redirect to GitHub */
            302: {
                headers: {
                    /**
                     * @description The installation page on GitHub.
                     * @example https://github.com/apps/nexos/installations/new?state=…
                     */
                    Location: string;
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    /**
                     * @description The pending installation.
                     * @example nexos_install=…
                     */
                    "Set-Cookie": string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
        };
    };
    "githubInstall.finish": {
        parameters: {
            query?: {
                /** @description Ignored. */
                code?: string;
                /** @description Ignored: anybody can make up an id. */
                installation_id?: string;
                /** @description `request` while an owner of the organization has to approve. */
                setup_action?: "install" | "update" | "request";
                /** @description From `GET /github/install`. */
                state?: string;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What happened, in an installation without a dashboard. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "result": "installed",
                     *       "detail": "The GitHub App is installed. GET /api/github/repositories lists the repositories that you can connect."
                     *     }
                     */
                    "application/json": components["schemas"]["InstalledResponse"];
                };
            };
            /** @description A redirect. */
            302: {
                headers: {
                    /**
                     * @description The dashboard, with `setup_action` in the query.
                     * @example https://…
                     */
                    Location: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "githubInstallations.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the installations of the GitHub App that the account can use */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": 5823411,
                     *         "owner": "acme",
                     *         "owner_type": "Organization",
                     *         "status": "active",
                     *         "repository_selection": "all",
                     *         "configure_url": "https://github.com/organizations/acme/settings/installations/5823411"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["InstallationResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "githubRepositories.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
                /** @description Only repositories whose `owner/name` contains this; case-insensitive. */
                query?: string;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the repositories that the account can connect */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": 1296269,
                     *         "name": "octocat/my-app",
                     *         "private": true,
                     *         "default_branch": "main",
                     *         "installation_id": 5823411,
                     *         "projects": [
                     *           {
                     *             "id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *             "name": "my-app",
                     *             "slug": "my-app"
                     *           }
                     *         ]
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["RepositoryResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "repositoryConfig.schema": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schema, in draft 2020-12. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "$schema": "https://json-schema.org/draft/2020-12/schema",
                     *       "title": "nexos.yaml",
                     *       "type": "object"
                     *     }
                     */
                    "application/schema+json": Record<string, never>;
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "nodes.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List registered nodes */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "node_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "hostname": "machine-1",
                     *         "role": "manager",
                     *         "status": "ready",
                     *         "availability": "active",
                     *         "is_leader": true,
                     *         "address": "10.0.0.1:2377",
                     *         "cpu": 4,
                     *         "memory_mb": 16384,
                     *         "engine_version": "28.2.2",
                     *         "removal": null,
                     *         "joined_at": "2026-04-10T12:00:00.000Z",
                     *         "last_seen_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["NodeResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "nodes.get": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example node_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get node details and status */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "node_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "hostname": "machine-1",
                     *       "role": "manager",
                     *       "status": "ready",
                     *       "availability": "active",
                     *       "is_leader": true,
                     *       "address": "10.0.0.1:2377",
                     *       "cpu": 4,
                     *       "memory_mb": 16384,
                     *       "engine_version": "28.2.2",
                     *       "removal": null,
                     *       "joined_at": "2026-04-10T12:00:00.000Z",
                     *       "last_seen_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["NodeResponse"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "nodes.remove": {
        parameters: {
            query: {
                /** @description Remove the node even if data or the only copy of an image is lost with it. */
                force: "true" | "false";
            };
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example node_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove a node from the network */
            202: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "node_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "hostname": "machine-1",
                     *       "role": "manager",
                     *       "status": "ready",
                     *       "availability": "active",
                     *       "is_leader": true,
                     *       "address": "10.0.0.1:2377",
                     *       "cpu": 4,
                     *       "memory_mb": 16384,
                     *       "engine_version": "28.2.2",
                     *       "removal": null,
                     *       "joined_at": "2026-04-10T12:00:00.000Z",
                     *       "last_seen_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["NodeResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "nodes.undrain": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example node_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cancel the removal of a node */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "node_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "hostname": "machine-1",
                     *       "role": "manager",
                     *       "status": "ready",
                     *       "availability": "active",
                     *       "is_leader": true,
                     *       "address": "10.0.0.1:2377",
                     *       "cpu": 4,
                     *       "memory_mb": 16384,
                     *       "engine_version": "28.2.2",
                     *       "removal": null,
                     *       "joined_at": "2026-04-10T12:00:00.000Z",
                     *       "last_seen_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["NodeResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "nodes.joinToken": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Generate a node join token */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "token": "SWMTKN-1-…",
                     *       "manager_address": "10.0.0.1:2377",
                     *       "command": "docker swarm join --token SWMTKN-1-… 10.0.0.1:2377"
                     *     }
                     */
                    "application/json": components["schemas"]["JoinTokenResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projects.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List all projects */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "dockerfile": "Dockerfile",
                     *         "build_context": ".",
                     *         "build_target": "production",
                     *         "build_args": {
                     *           "NODE_VERSION": 22
                     *         },
                     *         "watch_paths": [
                     *           "apps/web",
                     *           "packages/**",
                     *           "!**\/*.md"
                     *         ],
                     *         "build_timeout_seconds": 1800,
                     *         "build_cpu": 2,
                     *         "build_memory_mb": 2048,
                     *         "config_path": "apps/web/nexos.yaml",
                     *         "port": 8080,
                     *         "cpu": 0.5,
                     *         "memory_mb": 512,
                     *         "health_check_path": "/health",
                     *         "start_timeout_seconds": 300,
                     *         "init": false,
                     *         "request_timeout_seconds": 600,
                     *         "stop_grace_seconds": 30,
                     *         "services": {
                     *           "postgres": true,
                     *           "redis": true,
                     *           "s3": false
                     *         },
                     *         "env": {
                     *           "LOG_LEVEL": "debug",
                     *           "FEATURE_X": true
                     *         },
                     *         "containers": [
                     *           {
                     *             "name": "worker",
                     *             "command": "node worker.js"
                     *           }
                     *         ],
                     *         "hooks": {
                     *           "on_deploy": "npm run migrate",
                     *           "on_new": "npm run fixtures",
                     *           "on_rollback": "npm run after-rollback",
                     *           "seed": "db/seed.sql",
                     *           "memory": 2048,
                     *           "target": "build"
                     *         },
                     *         "auto_deploy": true,
                     *         "deploy_on": "pull_request",
                     *         "pull_requests": {
                     *           "label": "preview",
                     *           "drafts": true,
                     *           "forks": "approved"
                     *         },
                     *         "branch_filter": {
                     *           "include": [
                     *             "main",
                     *             "feature/*"
                     *           ],
                     *           "exclude": [
                     *             "dependabot/**"
                     *           ]
                     *         },
                     *         "sleep_after_minutes": 60,
                     *         "expires_after_days": 14,
                     *         "github": {
                     *           "checks": false,
                     *           "deployments": false,
                     *           "comments": false
                     *         },
                     *         "id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "name": "my-app",
                     *         "slug": "my-app",
                     *         "status": "active",
                     *         "github_repo": "octocat/my-app",
                     *         "webhook_url": "https://api.example.com/api/webhooks/github/proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "webhook_instructions": null,
                     *         "deploys_paused": null,
                     *         "created_at": "2026-04-10T12:00:00.000Z",
                     *         "updated_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["ProjectResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projects.create": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "dockerfile": "Dockerfile",
                 *       "build_context": ".",
                 *       "build_target": "production",
                 *       "build_args": {
                 *         "NODE_VERSION": 22
                 *       },
                 *       "watch_paths": [
                 *         "apps/web",
                 *         "packages/**",
                 *         "!**\/*.md"
                 *       ],
                 *       "build_timeout_seconds": 1800,
                 *       "build_cpu": 2,
                 *       "build_memory_mb": 2048,
                 *       "config_path": "apps/web/nexos.yaml",
                 *       "port": 8080,
                 *       "cpu": 0.5,
                 *       "memory_mb": 512,
                 *       "health_check_path": "/health",
                 *       "start_timeout_seconds": 300,
                 *       "init": false,
                 *       "request_timeout_seconds": 600,
                 *       "stop_grace_seconds": 30,
                 *       "services": {
                 *         "postgres": true,
                 *         "redis": true,
                 *         "s3": false
                 *       },
                 *       "env": {
                 *         "LOG_LEVEL": "debug",
                 *         "FEATURE_X": true
                 *       },
                 *       "containers": [
                 *         {
                 *           "name": "worker",
                 *           "command": "node worker.js"
                 *         }
                 *       ],
                 *       "hooks": {
                 *         "on_deploy": "npm run migrate",
                 *         "on_new": "npm run fixtures",
                 *         "on_rollback": "npm run after-rollback",
                 *         "seed": "db/seed.sql",
                 *         "memory": 2048,
                 *         "target": "build"
                 *       },
                 *       "auto_deploy": true,
                 *       "deploy_on": "pull_request",
                 *       "pull_requests": {
                 *         "label": "preview",
                 *         "drafts": true,
                 *         "forks": "approved"
                 *       },
                 *       "branch_filter": {
                 *         "include": [
                 *           "main",
                 *           "feature/*"
                 *         ],
                 *         "exclude": [
                 *           "dependabot/**"
                 *         ]
                 *       },
                 *       "sleep_after_minutes": 60,
                 *       "expires_after_days": 14,
                 *       "github": {
                 *         "checks": false,
                 *         "deployments": false,
                 *         "comments": false
                 *       },
                 *       "name": "my-app",
                 *       "github_repo": "octocat/my-app"
                 *     }
                 */
                "application/json": components["schemas"]["CreateProjectDto"];
            };
        };
        responses: {
            /** @description Create a project */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dockerfile": "Dockerfile",
                     *       "build_context": ".",
                     *       "build_target": "production",
                     *       "build_args": {
                     *         "NODE_VERSION": 22
                     *       },
                     *       "watch_paths": [
                     *         "apps/web",
                     *         "packages/**",
                     *         "!**\/*.md"
                     *       ],
                     *       "build_timeout_seconds": 1800,
                     *       "build_cpu": 2,
                     *       "build_memory_mb": 2048,
                     *       "config_path": "apps/web/nexos.yaml",
                     *       "port": 8080,
                     *       "cpu": 0.5,
                     *       "memory_mb": 512,
                     *       "health_check_path": "/health",
                     *       "start_timeout_seconds": 300,
                     *       "init": false,
                     *       "request_timeout_seconds": 600,
                     *       "stop_grace_seconds": 30,
                     *       "services": {
                     *         "postgres": true,
                     *         "redis": true,
                     *         "s3": false
                     *       },
                     *       "env": {
                     *         "LOG_LEVEL": "debug",
                     *         "FEATURE_X": true
                     *       },
                     *       "containers": [
                     *         {
                     *           "name": "worker",
                     *           "command": "node worker.js"
                     *         }
                     *       ],
                     *       "hooks": {
                     *         "on_deploy": "npm run migrate",
                     *         "on_new": "npm run fixtures",
                     *         "on_rollback": "npm run after-rollback",
                     *         "seed": "db/seed.sql",
                     *         "memory": 2048,
                     *         "target": "build"
                     *       },
                     *       "auto_deploy": true,
                     *       "deploy_on": "pull_request",
                     *       "pull_requests": {
                     *         "label": "preview",
                     *         "drafts": true,
                     *         "forks": "approved"
                     *       },
                     *       "branch_filter": {
                     *         "include": [
                     *           "main",
                     *           "feature/*"
                     *         ],
                     *         "exclude": [
                     *           "dependabot/**"
                     *         ]
                     *       },
                     *       "sleep_after_minutes": 60,
                     *       "expires_after_days": 14,
                     *       "github": {
                     *         "checks": false,
                     *         "deployments": false,
                     *         "comments": false
                     *       },
                     *       "id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "name": "my-app",
                     *       "slug": "my-app",
                     *       "status": "active",
                     *       "github_repo": "octocat/my-app",
                     *       "webhook_url": "https://api.example.com/api/webhooks/github/proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "webhook_instructions": null,
                     *       "deploys_paused": null,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "updated_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ProjectResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope / The quota of the account is used up / The account may not use the repository */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope" | "urn:nexos:problem:quota-exceeded" | "urn:nexos:problem:repository-not-yours";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projects.get": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get project details */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dockerfile": "Dockerfile",
                     *       "build_context": ".",
                     *       "build_target": "production",
                     *       "build_args": {
                     *         "NODE_VERSION": 22
                     *       },
                     *       "watch_paths": [
                     *         "apps/web",
                     *         "packages/**",
                     *         "!**\/*.md"
                     *       ],
                     *       "build_timeout_seconds": 1800,
                     *       "build_cpu": 2,
                     *       "build_memory_mb": 2048,
                     *       "config_path": "apps/web/nexos.yaml",
                     *       "port": 8080,
                     *       "cpu": 0.5,
                     *       "memory_mb": 512,
                     *       "health_check_path": "/health",
                     *       "start_timeout_seconds": 300,
                     *       "init": false,
                     *       "request_timeout_seconds": 600,
                     *       "stop_grace_seconds": 30,
                     *       "services": {
                     *         "postgres": true,
                     *         "redis": true,
                     *         "s3": false
                     *       },
                     *       "env": {
                     *         "LOG_LEVEL": "debug",
                     *         "FEATURE_X": true
                     *       },
                     *       "containers": [
                     *         {
                     *           "name": "worker",
                     *           "command": "node worker.js"
                     *         }
                     *       ],
                     *       "hooks": {
                     *         "on_deploy": "npm run migrate",
                     *         "on_new": "npm run fixtures",
                     *         "on_rollback": "npm run after-rollback",
                     *         "seed": "db/seed.sql",
                     *         "memory": 2048,
                     *         "target": "build"
                     *       },
                     *       "auto_deploy": true,
                     *       "deploy_on": "pull_request",
                     *       "pull_requests": {
                     *         "label": "preview",
                     *         "drafts": true,
                     *         "forks": "approved"
                     *       },
                     *       "branch_filter": {
                     *         "include": [
                     *           "main",
                     *           "feature/*"
                     *         ],
                     *         "exclude": [
                     *           "dependabot/**"
                     *         ]
                     *       },
                     *       "sleep_after_minutes": 60,
                     *       "expires_after_days": 14,
                     *       "github": {
                     *         "checks": false,
                     *         "deployments": false,
                     *         "comments": false
                     *       },
                     *       "id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "name": "my-app",
                     *       "slug": "my-app",
                     *       "status": "active",
                     *       "github_repo": "octocat/my-app",
                     *       "webhook_url": "https://api.example.com/api/webhooks/github/proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "webhook_instructions": null,
                     *       "deploys_paused": null,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "updated_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ProjectResponse"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projects.delete": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete a project and all environments */
            202: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dockerfile": "Dockerfile",
                     *       "build_context": ".",
                     *       "build_target": "production",
                     *       "build_args": {
                     *         "NODE_VERSION": 22
                     *       },
                     *       "watch_paths": [
                     *         "apps/web",
                     *         "packages/**",
                     *         "!**\/*.md"
                     *       ],
                     *       "build_timeout_seconds": 1800,
                     *       "build_cpu": 2,
                     *       "build_memory_mb": 2048,
                     *       "config_path": "apps/web/nexos.yaml",
                     *       "port": 8080,
                     *       "cpu": 0.5,
                     *       "memory_mb": 512,
                     *       "health_check_path": "/health",
                     *       "start_timeout_seconds": 300,
                     *       "init": false,
                     *       "request_timeout_seconds": 600,
                     *       "stop_grace_seconds": 30,
                     *       "services": {
                     *         "postgres": true,
                     *         "redis": true,
                     *         "s3": false
                     *       },
                     *       "env": {
                     *         "LOG_LEVEL": "debug",
                     *         "FEATURE_X": true
                     *       },
                     *       "containers": [
                     *         {
                     *           "name": "worker",
                     *           "command": "node worker.js"
                     *         }
                     *       ],
                     *       "hooks": {
                     *         "on_deploy": "npm run migrate",
                     *         "on_new": "npm run fixtures",
                     *         "on_rollback": "npm run after-rollback",
                     *         "seed": "db/seed.sql",
                     *         "memory": 2048,
                     *         "target": "build"
                     *       },
                     *       "auto_deploy": true,
                     *       "deploy_on": "pull_request",
                     *       "pull_requests": {
                     *         "label": "preview",
                     *         "drafts": true,
                     *         "forks": "approved"
                     *       },
                     *       "branch_filter": {
                     *         "include": [
                     *           "main",
                     *           "feature/*"
                     *         ],
                     *         "exclude": [
                     *           "dependabot/**"
                     *         ]
                     *       },
                     *       "sleep_after_minutes": 60,
                     *       "expires_after_days": 14,
                     *       "github": {
                     *         "checks": false,
                     *         "deployments": false,
                     *         "comments": false
                     *       },
                     *       "id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "name": "my-app",
                     *       "slug": "my-app",
                     *       "status": "active",
                     *       "github_repo": "octocat/my-app",
                     *       "webhook_url": "https://api.example.com/api/webhooks/github/proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "webhook_instructions": null,
                     *       "deploys_paused": null,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "updated_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ProjectResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projects.update": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "dockerfile": "Dockerfile",
                 *       "build_context": ".",
                 *       "build_target": "production",
                 *       "build_args": {
                 *         "NODE_VERSION": 22
                 *       },
                 *       "watch_paths": [
                 *         "apps/web",
                 *         "packages/**",
                 *         "!**\/*.md"
                 *       ],
                 *       "build_timeout_seconds": 1800,
                 *       "build_cpu": 2,
                 *       "build_memory_mb": 2048,
                 *       "config_path": "apps/web/nexos.yaml",
                 *       "port": 8080,
                 *       "cpu": 0.5,
                 *       "memory_mb": 512,
                 *       "health_check_path": "/health",
                 *       "start_timeout_seconds": 300,
                 *       "init": false,
                 *       "request_timeout_seconds": 600,
                 *       "stop_grace_seconds": 30,
                 *       "services": {
                 *         "postgres": true,
                 *         "redis": true,
                 *         "s3": false
                 *       },
                 *       "env": {
                 *         "LOG_LEVEL": "debug",
                 *         "FEATURE_X": true
                 *       },
                 *       "containers": [
                 *         {
                 *           "name": "worker",
                 *           "command": "node worker.js"
                 *         }
                 *       ],
                 *       "hooks": {
                 *         "on_deploy": "npm run migrate",
                 *         "on_new": "npm run fixtures",
                 *         "on_rollback": "npm run after-rollback",
                 *         "seed": "db/seed.sql",
                 *         "memory": 2048,
                 *         "target": "build"
                 *       },
                 *       "auto_deploy": true,
                 *       "deploy_on": "pull_request",
                 *       "pull_requests": {
                 *         "label": "preview",
                 *         "drafts": true,
                 *         "forks": "approved"
                 *       },
                 *       "branch_filter": {
                 *         "include": [
                 *           "main",
                 *           "feature/*"
                 *         ],
                 *         "exclude": [
                 *           "dependabot/**"
                 *         ]
                 *       },
                 *       "sleep_after_minutes": 60,
                 *       "expires_after_days": 14,
                 *       "github": {
                 *         "checks": false,
                 *         "deployments": false,
                 *         "comments": false
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["UpdateProjectDto"];
            };
        };
        responses: {
            /** @description Update project settings */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dockerfile": "Dockerfile",
                     *       "build_context": ".",
                     *       "build_target": "production",
                     *       "build_args": {
                     *         "NODE_VERSION": 22
                     *       },
                     *       "watch_paths": [
                     *         "apps/web",
                     *         "packages/**",
                     *         "!**\/*.md"
                     *       ],
                     *       "build_timeout_seconds": 1800,
                     *       "build_cpu": 2,
                     *       "build_memory_mb": 2048,
                     *       "config_path": "apps/web/nexos.yaml",
                     *       "port": 8080,
                     *       "cpu": 0.5,
                     *       "memory_mb": 512,
                     *       "health_check_path": "/health",
                     *       "start_timeout_seconds": 300,
                     *       "init": false,
                     *       "request_timeout_seconds": 600,
                     *       "stop_grace_seconds": 30,
                     *       "services": {
                     *         "postgres": true,
                     *         "redis": true,
                     *         "s3": false
                     *       },
                     *       "env": {
                     *         "LOG_LEVEL": "debug",
                     *         "FEATURE_X": true
                     *       },
                     *       "containers": [
                     *         {
                     *           "name": "worker",
                     *           "command": "node worker.js"
                     *         }
                     *       ],
                     *       "hooks": {
                     *         "on_deploy": "npm run migrate",
                     *         "on_new": "npm run fixtures",
                     *         "on_rollback": "npm run after-rollback",
                     *         "seed": "db/seed.sql",
                     *         "memory": 2048,
                     *         "target": "build"
                     *       },
                     *       "auto_deploy": true,
                     *       "deploy_on": "pull_request",
                     *       "pull_requests": {
                     *         "label": "preview",
                     *         "drafts": true,
                     *         "forks": "approved"
                     *       },
                     *       "branch_filter": {
                     *         "include": [
                     *           "main",
                     *           "feature/*"
                     *         ],
                     *         "exclude": [
                     *           "dependabot/**"
                     *         ]
                     *       },
                     *       "sleep_after_minutes": 60,
                     *       "expires_after_days": 14,
                     *       "github": {
                     *         "checks": false,
                     *         "deployments": false,
                     *         "comments": false
                     *       },
                     *       "id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "name": "my-app",
                     *       "slug": "my-app",
                     *       "status": "active",
                     *       "github_repo": "octocat/my-app",
                     *       "webhook_url": "https://api.example.com/api/webhooks/github/proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "webhook_instructions": null,
                     *       "deploys_paused": null,
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "updated_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ProjectResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope / The account may not use the repository */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope" | "urn:nexos:problem:repository-not-yours";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projectConfig.get": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example name: my-app
                     *     app:
                     *       port: 8080
                     *     services:
                     *       postgres: true
                     */
                    "application/yaml": string;
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projectConfig.put": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example name: my-app
                 *     app:
                 *       port: 8080
                 *     services:
                 *       postgres: true
                 */
                "application/yaml": string;
            };
        };
        responses: {
            /** @description The file that results. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example name: my-app
                     *     app:
                     *       port: 8080
                     *     services:
                     *       postgres: true
                     */
                    "application/yaml": string;
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projectDeliveries.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the webhook deliveries of a project */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                     *         "event": "push",
                     *         "repository": "octocat/my-app",
                     *         "branch": "main",
                     *         "commit_sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                     *         "attempts": 1,
                     *         "received_at": "2026-04-10T12:00:00.000Z",
                     *         "processed_at": "2026-04-10T12:00:00.000Z",
                     *         "replayed_at": "2026-04-10T12:00:00.000Z",
                     *         "outcome": "deployed",
                     *         "reason": null,
                     *         "deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["ProjectDeliveryResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projectDeployments.list": {
        parameters: {
            query?: {
                /** @description The exact name of a branch, not a glob. */
                branch?: string;
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
                status?: "queued" | "building" | "deploying" | "live" | "replaced" | "failed" | "cancelled" | "superseded";
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List deployments of a project */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "environment_id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "trigger": "push",
                     *         "status": "live",
                     *         "branch": "main",
                     *         "commit_sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                     *         "commit_message": "Fix all the bugs",
                     *         "commit_author": "The Octocat",
                     *         "url": "https://main-my-app.nexos.dev",
                     *         "image_digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                     *         "failure": null,
                     *         "skip_reason": null,
                     *         "queued_at": "2026-04-10T12:00:00.000Z",
                     *         "started_at": "2026-04-10T12:00:00.000Z",
                     *         "built_at": "2026-04-10T12:00:00.000Z",
                     *         "live_at": "2026-04-10T12:00:00.000Z",
                     *         "finished_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["DeploymentResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projectDeployments.create": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "branch": "main"
                 *     }
                 */
                "application/json": components["schemas"]["CreateDeploymentDto"];
            };
        };
        responses: {
            /** @description Deploy without a push */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "environment_id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "trigger": "push",
                     *       "status": "live",
                     *       "branch": "main",
                     *       "commit_sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                     *       "commit_message": "Fix all the bugs",
                     *       "commit_author": "The Octocat",
                     *       "url": "https://main-my-app.nexos.dev",
                     *       "image_digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                     *       "failure": null,
                     *       "skip_reason": null,
                     *       "queued_at": "2026-04-10T12:00:00.000Z",
                     *       "started_at": "2026-04-10T12:00:00.000Z",
                     *       "built_at": "2026-04-10T12:00:00.000Z",
                     *       "live_at": "2026-04-10T12:00:00.000Z",
                     *       "finished_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["DeploymentResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope / The quota of the account is used up */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope" | "urn:nexos:problem:quota-exceeded";
                    };
                };
            };
            /** @description The branch does not exist / Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:branch_not_found" | "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state / The deploys of the project are paused */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict" | "urn:nexos:problem:project-paused";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "envVars.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List environment variables (masked values) */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "var_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "key": "API_TOKEN",
                     *         "value": "********",
                     *         "branch": "feature/*",
                     *         "secret": true,
                     *         "build": "secret",
                     *         "created_at": "2026-04-10T12:00:00.000Z",
                     *         "updated_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["EnvVarResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "envVars.put": {
        parameters: {
            query?: {
                /** @description For `.env` text: a branch or a glob of branches; all branches if left out. */
                branch?: string;
            };
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key": "API_TOKEN",
                 *       "value": "secret",
                 *       "branch": "feature/*",
                 *       "secret": true,
                 *       "build": "secret"
                 *     }
                 */
                "application/json": components["schemas"]["PutVariableDto"] | components["schemas"]["PutVariablesDto"];
                /**
                 * @example API_TOKEN=secret
                 *     DEBUG="1"
                 */
                "text/plain": string;
            };
        };
        responses: {
            /** @description Create or update an environment variable */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "var_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "key": "API_TOKEN",
                     *       "value": "********",
                     *       "branch": "feature/*",
                     *       "secret": true,
                     *       "build": "secret",
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "updated_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EnvVarResponse"] | components["schemas"]["EnvVarResponse"][];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope / The quota of the account is used up */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope" | "urn:nexos:problem:quota-exceeded";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "envVars.delete": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
                /** @example var_01kb2c7x9q4m8r5t6v3w0y1z2a */
                varId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The variable is deleted. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projects.listEnvironments": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List environments for a project */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "env_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "branch": "main",
                     *         "status": "running",
                     *         "url": "https://main-my-app.nexos.dev",
                     *         "live_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "latest_deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "last_error": null,
                     *         "health": null,
                     *         "created_at": "2026-04-10T12:00:00.000Z",
                     *         "destroyed_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["EnvironmentResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "githubReports.get": {
        parameters: {
            query?: {
                /** @description Maximum number of reports. */
                limit?: number;
                /** @description Only reports with this status. */
                status?: "told" | "waiting" | "failed";
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Show what GitHub is told about a project */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "obstacle": null,
                     *       "reports": [
                     *         {
                     *           "kind": "check",
                     *           "branch": "main",
                     *           "deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *           "commit_sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                     *           "status": "failed",
                     *           "state": null,
                     *           "error": "The GitHub App has no access to octocat/my-app, or lacks the permission \"checks: write\". Grant it in the App's settings and accept it in the installation's.",
                     *           "failures": 3,
                     *           "updated_at": "2026-04-10T12:00:00.000Z",
                     *           "next_attempt_at": "2026-04-10T12:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["GithubReportsResponse"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "registries.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List credentials for registries (masked passwords) */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "reg_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "host": "ghcr.io",
                     *         "user": "acme-bot",
                     *         "password": "********",
                     *         "created_at": "2026-04-10T12:00:00.000Z",
                     *         "updated_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["RegistryResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "registries.put": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "host": "ghcr.io",
                 *       "user": "acme-bot",
                 *       "password": "ghp_secret"
                 *     }
                 */
                "application/json": components["schemas"]["PutRegistryDto"];
            };
        };
        responses: {
            /** @description Create or update the credentials for a registry */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "reg_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "host": "ghcr.io",
                     *       "user": "acme-bot",
                     *       "password": "********",
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "updated_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["RegistryResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "registries.delete": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
                /** @example reg_01kb2c7x9q4m8r5t6v3w0y1z2a */
                registryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The credentials are deleted. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projectWebhooks.createChannel": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://hooks.slack.com/services/T000/B000/XXXX",
                 *       "events": [
                 *         "deployment.live",
                 *         "deployment.failed"
                 *       ],
                 *       "format": "slack"
                 *     }
                 */
                "application/json": components["schemas"]["CreateChannelDto"];
            };
        };
        responses: {
            /** @description Send messages to a channel of Slack or Discord */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "hook_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "format": "standard",
                     *       "url": "https://example.com/nexos",
                     *       "events": [
                     *         "deployment.live",
                     *         "deployment.failed"
                     *       ],
                     *       "enabled": true,
                     *       "disabled_reason": null,
                     *       "disabled_at": "2026-04-10T12:00:00.000Z",
                     *       "failing_since": "2026-04-10T12:00:00.000Z",
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "updated_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope / The quota of the account is used up */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope" | "urn:nexos:problem:quota-exceeded";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projectWebhookSecret.replace": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Create or replace the secret of a project's own webhook */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhook_url": "https://api.example.com/api/webhooks/github/proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "secret": "Vt3qkq7xJZ0mQh1C5v3b9s8dYw2nRr4LzTgUaEoKpXI",
                     *       "previous_valid_until": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookSecretResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projectWebhooks.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the webhooks of a project */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "hook_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "format": "standard",
                     *         "url": "https://example.com/nexos",
                     *         "events": [
                     *           "deployment.live",
                     *           "deployment.failed"
                     *         ],
                     *         "enabled": true,
                     *         "disabled_reason": null,
                     *         "disabled_at": "2026-04-10T12:00:00.000Z",
                     *         "failing_since": "2026-04-10T12:00:00.000Z",
                     *         "created_at": "2026-04-10T12:00:00.000Z",
                     *         "updated_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["WebhookResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "projectWebhooks.create": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/nexos",
                 *       "events": [
                 *         "deployment.live",
                 *         "deployment.failed"
                 *       ],
                 *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
                 *     }
                 */
                "application/json": components["schemas"]["CreateWebhookDto"];
            };
        };
        responses: {
            /** @description Create a webhook of a project */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "hook_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "format": "standard",
                     *       "url": "https://example.com/nexos",
                     *       "events": [
                     *         "deployment.live",
                     *         "deployment.failed"
                     *       ],
                     *       "enabled": true,
                     *       "disabled_reason": null,
                     *       "disabled_at": "2026-04-10T12:00:00.000Z",
                     *       "failing_since": "2026-04-10T12:00:00.000Z",
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "updated_at": "2026-04-10T12:00:00.000Z",
                     *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedWebhookResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope / The quota of the account is used up */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope" | "urn:nexos:problem:quota-exceeded";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "quota.get": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get current resource usage and quota limits */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "plan": "pro",
                     *       "period": {
                     *         "start": "2026-04-10T12:00:00.000Z",
                     *         "end": "2026-04-10T12:00:00.000Z"
                     *       },
                     *       "usage": {
                     *         "projects": 12,
                     *         "total_cpu": 14.5,
                     *         "total_memory_mb": 29696,
                     *         "build_minutes_used": 2340
                     *       },
                     *       "limits": {
                     *         "max_projects": 25,
                     *         "max_cpu": 64,
                     *         "max_memory_mb": 131072,
                     *         "build_minutes": 5000
                     *       },
                     *       "build_minutes_level": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["QuotaResponse"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "quotaUsage.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description The first day (UTC), by default the first of the period. */
                from?: string;
                /** @description Maximum number of items. */
                limit?: number;
                /** @description The last day (UTC), by default today. */
                to?: string;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the daily usage of each project */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "date": "2026-04-10",
                     *         "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "builds": 14,
                     *         "build_seconds": 1260
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["DailyUsageResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "outgoingWebhooks.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the webhooks of the account */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "hook_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "format": "standard",
                     *         "url": "https://example.com/nexos",
                     *         "events": [
                     *           "deployment.live",
                     *           "deployment.failed"
                     *         ],
                     *         "enabled": true,
                     *         "disabled_reason": null,
                     *         "disabled_at": "2026-04-10T12:00:00.000Z",
                     *         "failing_since": "2026-04-10T12:00:00.000Z",
                     *         "created_at": "2026-04-10T12:00:00.000Z",
                     *         "updated_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["WebhookResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "outgoingWebhooks.create": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/nexos",
                 *       "events": [
                 *         "deployment.live",
                 *         "deployment.failed"
                 *       ],
                 *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
                 *     }
                 */
                "application/json": components["schemas"]["CreateWebhookDto"];
            };
        };
        responses: {
            /** @description Create a webhook of the account */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "hook_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "format": "standard",
                     *       "url": "https://example.com/nexos",
                     *       "events": [
                     *         "deployment.live",
                     *         "deployment.failed"
                     *       ],
                     *       "enabled": true,
                     *       "disabled_reason": null,
                     *       "disabled_at": "2026-04-10T12:00:00.000Z",
                     *       "failing_since": "2026-04-10T12:00:00.000Z",
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "updated_at": "2026-04-10T12:00:00.000Z",
                     *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedWebhookResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope / The quota of the account is used up */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope" | "urn:nexos:problem:quota-exceeded";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "outgoingWebhooks.get": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example hook_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get a webhook */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "hook_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "format": "standard",
                     *       "url": "https://example.com/nexos",
                     *       "events": [
                     *         "deployment.live",
                     *         "deployment.failed"
                     *       ],
                     *       "enabled": true,
                     *       "disabled_reason": null,
                     *       "disabled_at": "2026-04-10T12:00:00.000Z",
                     *       "failing_since": "2026-04-10T12:00:00.000Z",
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "updated_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookResponse"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "outgoingWebhooks.delete": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example hook_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook and its deliveries are deleted. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "outgoingWebhooks.update": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example hook_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/nexos",
                 *       "events": [
                 *         "deployment.failed"
                 *       ],
                 *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                 *       "enabled": true
                 *     }
                 */
                "application/json": components["schemas"]["UpdateWebhookDto"];
            };
        };
        responses: {
            /** @description Change a webhook */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "hook_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "format": "standard",
                     *       "url": "https://example.com/nexos",
                     *       "events": [
                     *         "deployment.live",
                     *         "deployment.failed"
                     *       ],
                     *       "enabled": true,
                     *       "disabled_reason": null,
                     *       "disabled_at": "2026-04-10T12:00:00.000Z",
                     *       "failing_since": "2026-04-10T12:00:00.000Z",
                     *       "created_at": "2026-04-10T12:00:00.000Z",
                     *       "updated_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "outgoingWebhooks.deliveries": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example hook_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the deliveries of a webhook */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "msg_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "webhook_id": "hook_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *         "type": "deployment.live",
                     *         "status": "delivered",
                     *         "attempts": 1,
                     *         "response_status": 200,
                     *         "latency_ms": 83,
                     *         "error": null,
                     *         "data": {
                     *           "project": null
                     *         },
                     *         "at": "2026-04-10T12:00:00.000Z",
                     *         "last_attempt_at": "2026-04-10T12:00:00.000Z",
                     *         "next_attempt_at": "2026-04-10T12:00:00.000Z",
                     *         "finished_at": "2026-04-10T12:00:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["WebhookMessageResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "outgoingWebhooks.replay": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example msg_01kb2c7x9q4m8r5t6v3w0y1z2a */
                deliveryId: string;
                /** @example hook_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Send a delivery of a webhook again */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "msg_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "webhook_id": "hook_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "type": "deployment.live",
                     *       "status": "delivered",
                     *       "attempts": 1,
                     *       "response_status": 200,
                     *       "latency_ms": 83,
                     *       "error": null,
                     *       "data": {
                     *         "project": null
                     *       },
                     *       "at": "2026-04-10T12:00:00.000Z",
                     *       "last_attempt_at": "2026-04-10T12:00:00.000Z",
                     *       "next_attempt_at": "2026-04-10T12:00:00.000Z",
                     *       "finished_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookMessageResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "outgoingWebhooks.test": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example hook_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Send a test message to a webhook */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "msg_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "webhook_id": "hook_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *       "type": "deployment.live",
                     *       "status": "delivered",
                     *       "attempts": 1,
                     *       "response_status": 200,
                     *       "latency_ms": 83,
                     *       "error": null,
                     *       "data": {
                     *         "project": null
                     *       },
                     *       "at": "2026-04-10T12:00:00.000Z",
                     *       "last_attempt_at": "2026-04-10T12:00:00.000Z",
                     *       "next_attempt_at": "2026-04-10T12:00:00.000Z",
                     *       "finished_at": "2026-04-10T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookMessageResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "deliveries.list": {
        parameters: {
            query?: {
                /** @description From the `Link` header of the previous page. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
                /** @description Only deliveries with this outcome in at least one project. */
                outcome?: "accepted" | "deployed" | "destroyed" | "ignored" | "skipped" | "renamed" | "updated" | "in-doubt" | "failed";
                /** @description Only deliveries of this repository; case-insensitive. */
                repository?: string;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List webhook deliveries */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                     *         "event": "push",
                     *         "repository": "octocat/my-app",
                     *         "branch": "main",
                     *         "commit_sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                     *         "attempts": 1,
                     *         "received_at": "2026-04-10T12:00:00.000Z",
                     *         "processed_at": "2026-04-10T12:00:00.000Z",
                     *         "replayed_at": "2026-04-10T12:00:00.000Z",
                     *         "outcome": "deployed",
                     *         "reason": null,
                     *         "error": null,
                     *         "replayed_by": null,
                     *         "projects": [
                     *           {
                     *             "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *             "outcome": "deployed",
                     *             "reason": null,
                     *             "deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a"
                     *           }
                     *         ]
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["DeliveryResponse"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "deliveries.get": {
        parameters: {
            query?: {
                /** @description Seconds to wait for the status to change. */
                wait?: number;
            };
            header?: {
                /**
                 * @description The ETag of the response that the caller already has.
                 * @example "1f-3Cm8h0bq"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 72d3162e-cc78-11e3-81ab-4c9367dc0958 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get a webhook delivery */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                     *       "event": "push",
                     *       "repository": "octocat/my-app",
                     *       "branch": "main",
                     *       "commit_sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                     *       "attempts": 1,
                     *       "received_at": "2026-04-10T12:00:00.000Z",
                     *       "processed_at": "2026-04-10T12:00:00.000Z",
                     *       "replayed_at": "2026-04-10T12:00:00.000Z",
                     *       "outcome": "deployed",
                     *       "reason": null,
                     *       "error": null,
                     *       "replayed_by": null,
                     *       "projects": [
                     *         {
                     *           "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *           "outcome": "deployed",
                     *           "reason": null,
                     *           "deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryResponse"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "deliveries.replay": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes retries safe: a repeated request with the same key and body gets the stored response.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example 72d3162e-cc78-11e3-81ab-4c9367dc0958 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "force": false
                 *     }
                 */
                "application/json": components["schemas"]["ReplayDeliveryDto"];
            };
        };
        responses: {
            /** @description Replay a webhook delivery */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                     *       "event": "push",
                     *       "repository": "octocat/my-app",
                     *       "branch": "main",
                     *       "commit_sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                     *       "attempts": 1,
                     *       "received_at": "2026-04-10T12:00:00.000Z",
                     *       "processed_at": "2026-04-10T12:00:00.000Z",
                     *       "replayed_at": "2026-04-10T12:00:00.000Z",
                     *       "outcome": "deployed",
                     *       "reason": null,
                     *       "error": null,
                     *       "replayed_by": null,
                     *       "projects": [
                     *         {
                     *           "project_id": "proj_01kb2c7x9q4m8r5t6v3w0y1z2a",
                     *           "outcome": "deployed",
                     *           "reason": null,
                     *           "deployment_id": "dep_01kb2c7x9q4m8r5t6v3w0y1z2a"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description Authentication is required */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unauthenticated";
                    };
                };
            };
            /** @description The request is not allowed / The API key lacks the required scope */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 403;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:forbidden" | "urn:nexos:problem:insufficient-scope";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:conflict";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description The Idempotency-Key was used for a different request */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:idempotency-key-reused";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:too-many-requests";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "webhooks.receive": {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Unique id of the delivery. A known delivery is not processed again, unless it has failed.
                 * @example 72d3162e-cc78-11e3-81ab-4c9367dc0958
                 */
                "X-GitHub-Delivery": string;
                /**
                 * @description Name of the event.
                 * @example push
                 */
                "X-GitHub-Event": string;
                /**
                 * @description HMAC-SHA256 of the body, keyed with the webhook secret.
                 * @example sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17
                 */
                "X-Hub-Signature-256": string;
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ref": "refs/heads/main",
                 *       "before": "0000000000000000000000000000000000000000",
                 *       "after": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                 *       "created": true,
                 *       "deleted": false,
                 *       "repository": {
                 *         "full_name": "octocat/my-app"
                 *       }
                 *     }
                 */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description The delivery is stored and will be processed. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                     *       "outcome": "accepted"
                     *     }
                     */
                    "application/json": components["schemas"]["ReceiptResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description The webhook signature does not match */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:invalid-signature";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
    "webhooks.receiveForProject": {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Unique id of the delivery. A known delivery is not processed again, unless it has failed.
                 * @example 72d3162e-cc78-11e3-81ab-4c9367dc0958
                 */
                "X-GitHub-Delivery": string;
                /**
                 * @description Name of the event.
                 * @example push
                 */
                "X-GitHub-Event": string;
                /**
                 * @description HMAC-SHA256 of the body, keyed with the webhook secret.
                 * @example sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17
                 */
                "X-Hub-Signature-256": string;
                /**
                 * @description An id for the request, chosen by the caller: 8 to 64 letters, digits, _ and -.
                 * @example deploy-bot-000172
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @example proj_01kb2c7x9q4m8r5t6v3w0y1z2a */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ref": "refs/heads/main",
                 *       "before": "0000000000000000000000000000000000000000",
                 *       "after": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                 *       "created": true,
                 *       "deleted": false,
                 *       "repository": {
                 *         "full_name": "octocat/my-app"
                 *       }
                 *     }
                 */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description The delivery is stored and will be processed. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                     *       "outcome": "accepted"
                     *     }
                     */
                    "application/json": components["schemas"]["ReceiptResponse"];
                };
            };
            /** @description The body is not valid JSON / The request is invalid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:malformed-json" | "urn:nexos:problem:validation";
                    };
                };
            };
            /** @description The webhook signature does not match */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 401;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:invalid-signature";
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:not-found";
                    };
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 413;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:body-too-large";
                    };
                };
            };
            /** @description The media type of the body is not supported */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 415;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:unsupported-media-type";
                    };
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 500;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:internal";
                    };
                };
            };
            /** @description The service is temporarily unavailable */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResponse"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        type?: "urn:nexos:problem:service-unavailable";
                    };
                };
            };
        };
    };
}
