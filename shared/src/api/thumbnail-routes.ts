import * as z from 'zod/mini';
import { MAX_THUMBNAIL_BYTES, ThumbnailType } from '../machines/machine-thumbnail.ts';
import { MachineDetails } from '../machines/machine-view.ts';
import type { ApiRoute } from './api-route.ts';
import { FileReply } from './file-reply.ts';

/** The small picture of a machine's screen (A6, U3). Whoever may not see the machine gets the same answer as for none. */
export const thumbnailRoutes = {
  /** `not-found` as well where there is none. */
  getThumbnail: {
    method: 'GET',
    path: '/machines/{machineId}/thumbnail',
    summary: 'The small picture of its screen that was kept of the last session, as WebP or JPEG',
    tag: 'Machines',
    auth: 'login',
    permission: 'machine:see',
    reply: FileReply,
  },
  /**
   * Taken by the viewer of whoever controls the machine in an unattended session, while the setting
   * `machineThumbnails` is on: `conflict` while it is not, `not-allowed` for everybody else.
   */
  putThumbnail: {
    method: 'PUT',
    path: '/machines/{machineId}/thumbnail',
    summary:
      'Keep this small picture of its screen: WebP or JPEG, at most 480 x 480, from whoever controls it now',
    tag: 'Machines',
    auth: 'login',
    permission: 'machine:connect',
    file: { types: ThumbnailType.options, maxBytes: MAX_THUMBNAIL_BYTES },
    reply: z.object({}),
  },
  deleteThumbnail: {
    method: 'DELETE',
    path: '/machines/{machineId}/thumbnail',
    summary: 'Erase the small picture of its screen',
    tag: 'Machines',
    auth: 'login',
    permission: 'machine:edit',
    reply: MachineDetails,
  },
} as const satisfies Record<string, ApiRoute>;
