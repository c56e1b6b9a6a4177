import type { BuildInfo } from '../config/build-info';
import type { Settings } from '../config/settings';
import { type Finding, look, ok } from './finding';

/** Which Vigil this is, and the settings that matter when something is wrong; none that is secret. */
export function judgeSettings(settings: Settings, { version, commit, node }: BuildInfo): Finding[] {
  const { databaseUrl, dataDir, claudeModel, publicUrl, slackWebhookUrl } = settings;
  const database = databaseUrl === undefined ? `embedded in ${dataDir}` : `at ${placeOf(databaseUrl)}`;
  const findings = [
    ok(
      'installation',
      `Vigil ${version} (commit ${commit.slice(0, 12)}, Node ${node}); database ${database}; model ${claudeModel}.`,
    ),
  ];
  if (slackWebhookUrl && !publicUrl) {
    findings.push(
      look('links-lead-nowhere', 'public-url is not set: links in Slack lead to localhost.', {
        means: 'Nobody but this machine can open the page of a report.',
        todo: 'Set public-url to where people reach Vigil, and restart it.',
      }),
    );
  }
  return findings;
}

/** `db.example:5432/vigil`: no user, no password, no parameters. */
function placeOf(databaseUrl: string): string {
  const url = URL.parse(databaseUrl);
  if (!url?.host) return 'database-url';
  return `${url.host}${url.pathname === '/' ? '' : url.pathname}`;
}
