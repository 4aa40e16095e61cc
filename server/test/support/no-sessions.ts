import { GuruError } from '@guruconnect/shared';
import type { CreateSessionsFeature } from '../../src/core/features.ts';

/** A server without remote sessions. */
export const noSessions: CreateSessionsFeature = () => {
  const absent = async (): Promise<never> => {
    throw GuruError.notFound('This page');
  };
  return {
    handlers: {
      portalConfig: absent,
      redeemCode: absent,
      issueCode: absent,
      exchangeCode: absent,
      exchangeKnock: absent,
      listSessions: absent,
      createSession: absent,
      claimCode: absent,
      getSession: absent,
      claimSession: absent,
      changeSession: absent,
      cancelSession: absent,
      endSession: absent,
      answerKnock: absent,
      sessionAudit: absent,
    },
    attach: () => undefined,
    close: async () => undefined,
  };
};
