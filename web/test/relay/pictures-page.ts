import type { RelayPicture } from '@guruconnect/shared';
import { RelayPictures } from '../../src/lib/relay/relay-pictures.ts';

/** A picture as an agent would have encoded it. */
interface Encoded {
  readonly keyFrame: boolean;
  readonly data: Uint8Array<ArrayBuffer>;
}

async function encoded(width: number, height: number, count: number): Promise<Encoded[]> {
  const out: Encoded[] = [];
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      out.push({ keyFrame: chunk.type === 'key', data });
    },
    error: (error) => {
      throw error;
    },
  });
  const codec = 'avc1.42e02a';
  const avc = { format: 'annexb' } as const;
  encoder.configure({ codec, width, height, bitrate: 2_000_000, latencyMode: 'realtime', avc });
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  for (let index = 0; index < count; index += 1) {
    if (context) {
      context.fillStyle = `hsl(${index * 40}, 80%, 50%)`;
      context.fillRect(0, 0, width, height);
    }
    const frame = new VideoFrame(canvas, { timestamp: index * 33_333 });
    encoder.encode(frame, { keyFrame: index === 0 });
    frame.close();
  }
  await encoder.flush();
  return out;
}

/** What the tests drive: pictures in, what the screen and the pictures' owner were told out. */
const surface = {
  encoded,
  told: { stuck: [] as number[], faults: [] as string[] },
  seen: [] as { rtpTimestamp: number | undefined; width: number; height: number }[],
  pictures: undefined as RelayPictures | undefined,
  start(): void {
    const { told, seen } = surface;
    const pictures = new RelayPictures(() => performance.now(), {
      picture: (stream) => {
        const video = document.createElement('video');
        video.muted = true;
        video.srcObject = stream;
        document.body.append(video);
        const look = (_now: number, { mediaTime, width, height }: VideoFrameCallbackMetadata) => {
          seen.push({ rtpTimestamp: pictures.rtpTimestampAt(stream, mediaTime), width, height });
          video.requestVideoFrameCallback(look);
        };
        video.requestVideoFrameCallback(look);
        void video.play();
      },
      stuck: (track) => told.stuck.push(track),
      fault: (error) => told.faults.push(String(error)),
    });
    surface.pictures = pictures;
  },
  take(picture: Omit<RelayPicture, 'track'>): void {
    surface.pictures?.take({ track: 0, ...picture });
  },
};
export type PicturesSurface = typeof surface;

declare global {
  interface Window {
    relayPictures: PicturesSurface;
  }
}
window.relayPictures = surface;
