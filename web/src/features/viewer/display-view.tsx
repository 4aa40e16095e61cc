import { useEffect, useRef } from 'react';
import type { Box } from '../../lib/input/picture-layout.ts';
import type { Viewer } from './create-viewer.ts';

/** The place of one display's picture; the video and the tiles over it are put in from outside React. */
export function DisplayView(props: { viewer: Viewer; track: number; box: Box; isPixelated: boolean }) {
  const { viewer, track, box } = props;
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!element.current) return undefined;
    const detach = viewer.deck.attach(element.current, track);
    const detachTiles = viewer.tiles.attach(element.current, track);
    return () => {
      detach();
      detachTiles();
    };
  }, [viewer, track]);
  return (
    <div
      ref={element}
      data-testid={`display-${track}`}
      className="absolute overflow-hidden"
      style={{ ...box, imageRendering: props.isPixelated ? 'pixelated' : 'auto' }}
    />
  );
}
