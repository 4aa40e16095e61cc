import { GuruError } from '@guruconnect/shared';
import type { ApiHandlers, ApiNamesOfTag } from '../../core/api-handlers.ts';
import type { AgentEntry } from '../code-entry.ts';
import type { SessionParts } from '../session-parts.ts';

/** How often a waiting agent asks. */
const POLL_SECONDS = 2;

/** Routes for people and agents who are not signed in. */
export function portalHandlers(parts: SessionParts): Pick<ApiHandlers, ApiNamesOfTag<'Portal' | 'Agent'>> {
  const { settings, entry, creator, desk, signer, issueBudget, releases } = parts;
  const toReply = async (found: AgentEntry) =>
    found.status === 'joined'
      ? {
          ...found,
          companyName: settings.current().companyName,
          serverPublicKey: await signer.publicKey(),
        }
      : { ...found, pollSeconds: POLL_SECONDS };
  return {
    portalConfig: async () => {
      const { companyName, portalInstructions, portalIssuesCodes } = settings.current();
      return {
        companyName,
        instructions: portalInstructions,
        issuesCodes: portalIssuesCodes,
        windows: await releases.portal(),
      };
    },
    redeemCode: ({ body, address }) => entry.redeem(body.code, body.proof, address),
    issueCode: async ({ body, address }) => {
      if (!settings.current().portalIssuesCodes) throw GuruError.notAllowed('get a code here');
      await issueBudget.take(address, body.proof);
      return creator.issue(address);
    },
    exchangeCode: async ({ body, address }) =>
      toReply(await entry.exchange(body.code, body.machine, body.proof, address)),
    exchangeKnock: async ({ body }) => toReply(await desk.poll(body.knockToken)),
  };
}
