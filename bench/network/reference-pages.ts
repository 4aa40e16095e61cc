import type { Scene } from './profiles.ts';

/** What the reference's pages keep on their window. */
export interface ReferencePage {
  readonly peer: RTCPeerConnection;
  readonly painted: Map<number, number>;
  input?: RTCDataChannel;
}

declare global {
  interface Window {
    guruReference?: ReferencePage;
  }
}

/**
 * Paints the scene into a canvas and sends it with the browser's own WebRTC. Self-contained: it is sent to the page
 * as text. Resolves with the offer, its candidates in it.
 */
export async function startSender({
  scene,
  maxBitrate,
}: {
  scene: Scene;
  maxBitrate: number;
}): Promise<string> {
  const [width, height, bits, cell] = [1280, 720, 12, 8];
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  document.body.append(canvas);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('This page cannot draw.');
  const half = height / 2;
  const painted = new Map<number, number>();
  let [frame, isWhite] = [0, false];

  const makeText = () => {
    const page = new OffscreenCanvas(width, 2 * half);
    const pen = page.getContext('2d');
    if (!pen) throw new Error('This page cannot draw.');
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, width, 2 * half);
    pen.fillStyle = '#1f2937';
    pen.font = '10px monospace';
    const words =
      'service started error 0x7ffd the printer queue is empty user signed in 172.16.0.4 disk at 91%';
    const list = words.split(' ');
    let random = 99;
    for (let y = 14; y < 2 * half; y += 16) {
      for (let x = 15 * cell + 8; x < width - 80; ) {
        random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
        const word = list[(random >>> 16) % list.length] ?? '';
        pen.fillText(word, x, y);
        x += 6 * word.length + 7;
        if (random >>> 28 === 0) break;
      }
    }
    return page;
  };
  const makePicture = (seed: number) => {
    const page = new OffscreenCanvas(width, half);
    const pen = page.getContext('2d');
    if (!pen) throw new Error('This page cannot draw.');
    const image = pen.createImageData(width, half);
    let noise = 12345 + seed;
    for (let y = 0; y < half; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const [u, v] = [(2 * Math.PI * x) / width, y / half];
        noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
        const grain = (noise >>> 28) - 8;
        const at = 4 * (y * width + x);
        image.data[at] = 127 + 100 * Math.sin(3 * u + 4 * v) + grain;
        image.data[at + 1] = 127 + 100 * Math.sin(2 * u - 3 * v + 1) + grain;
        image.data[at + 2] = 127 + 100 * Math.cos(5 * u + 2 * v) + grain;
        image.data[at + 3] = 255;
      }
    }
    pen.putImageData(image, 0, 0);
    return page;
  };
  // Grain comes again after twelve frames, as in `frame-source`.
  const content =
    scene.kind === 'text' ? [makeText()] : Array.from({ length: 12 }, (_, seed) => makePicture(seed));

  const paintHalf = () => {
    context.fillStyle = isWhite ? '#fff' : '#000';
    context.fillRect(0, 0, width, half);
  };
  const paintFrame = () => {
    frame += 1;
    const page = content[frame % content.length];
    if (!page) return;
    if (scene.kind === 'text') {
      const from = (frame * 3) % (2 * half);
      context.drawImage(page, 0, half - from);
      context.drawImage(page, 0, half - from + 2 * half);
    } else {
      const shift = (frame * 6) % width;
      context.drawImage(page, -shift, half);
      context.drawImage(page, width - shift, half);
    }
    const number = frame % 2 ** bits;
    const values = Array.from({ length: bits }, (_, bit) => (number >> (bits - 1 - bit)) & 1);
    const parity = values.reduce((sum, bit) => sum ^ bit, 0);
    [1, 0, ...values, parity].forEach((bit, at) => {
      context.fillStyle = bit ? '#fff' : '#000';
      context.fillRect(at * cell, half, cell, half);
    });
    paintHalf();
    painted.set(frame, performance.timeOrigin + performance.now());
  };
  let next = performance.now();
  const loop = () => {
    if (performance.now() >= next - 4) {
      paintFrame();
      next = Math.max(next + 1000 / scene.fps, performance.now());
    }
    requestAnimationFrame(loop);
  };
  loop();

  const [track] = canvas.captureStream().getVideoTracks();
  if (!track) throw new Error('The canvas has no track.');
  track.contentHint = scene.kind === 'text' ? 'text' : 'motion';
  const peer = new RTCPeerConnection();
  window.guruReference = { peer, painted };
  peer.ondatachannel = ({ channel }) => {
    channel.onmessage = () => {
      isWhite = !isWhite;
      paintHalf();
    };
  };
  const transceiver = peer.addTransceiver(track, { direction: 'sendonly' });
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
  transceiver.setCodecPreferences(
    codecs.filter(
      ({ mimeType, sdpFmtpLine = '' }) =>
        mimeType === 'video/rtx' ||
        (mimeType === 'video/H264' && /42e01f/.test(sdpFmtpLine) && /packetization-mode=1/.test(sdpFmtpLine)),
    ),
  );
  // So that the receiver's channel is part of the offer.
  peer.createDataChannel('opener');
  await peer.setLocalDescription();
  const parameters = transceiver.sender.getParameters();
  for (const encoding of parameters.encodings) encoding.maxBitrate = maxBitrate;
  await transceiver.sender.setParameters(parameters);
  await new Promise<void>((resolve) => {
    if (peer.iceGatheringState === 'complete') resolve();
    peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && resolve();
  });
  return peer.localDescription?.sdp ?? '';
}

/** Shows what comes, as soon as it can; resolves with the answer. Self-contained. */
export async function startReceiver(offer: string): Promise<string> {
  const peer = new RTCPeerConnection();
  const reference: ReferencePage = { peer, painted: new Map() };
  window.guruReference = reference;
  peer.ontrack = ({ track, receiver }) => {
    receiver.jitterBufferTarget = 0;
    const video = document.createElement('video');
    video.muted = true;
    video.autoplay = true;
    video.srcObject = new MediaStream([track]);
    document.body.append(video);
  };
  await peer.setRemoteDescription({ type: 'offer', sdp: offer });
  reference.input = peer.createDataChannel('input');
  await peer.setLocalDescription();
  await new Promise<void>((resolve) => {
    if (peer.iceGatheringState === 'complete') resolve();
    peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && resolve();
  });
  return peer.localDescription?.sdp ?? '';
}
