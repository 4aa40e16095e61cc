import type { ApiClient } from '../../lib/api-client.ts';
import type { Timing } from '../../lib/rtc/timing.ts';
import { thumbnailMachineOf } from './thumbnail-need.ts';
import type { ViewerSession } from './viewer-session.ts';

/** Loads what takes small pictures of the screen once there is one to take: most viewers never need it. */
export function watchThumbnails(deps: {
  session: ViewerSession;
  api: ApiClient;
  timing: Timing;
  video: () => HTMLVideoElement | undefined;
}): () => void {
  const { session, api, timing, video } = deps;
  let isClosed = false;
  let close = () => {};
  const load = async () => {
    const [{ ThumbnailTaker }, { smallPicture }] = await Promise.all([
      import('./thumbnail-taker.ts'),
      import('./small-picture.ts'),
    ]);
    if (isClosed) return;
    const taker = new ThumbnailTaker({ session, api, timing, takePicture: () => smallPicture(video) });
    close = () => taker.close();
  };
  const stop = session.subscribe(() => {
    if (thumbnailMachineOf(session.getSnapshot()) === undefined) return;
    stop();
    // Not to be had, as while the server is updated: then there is no picture of this session.
    load().catch(() => undefined);
  });
  return () => {
    isClosed = true;
    stop();
    close();
  };
}
