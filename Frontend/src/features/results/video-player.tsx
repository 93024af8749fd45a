import '@vidstack/react/player/styles/default/theme.css';
import '@vidstack/react/player/styles/default/layouts/audio.css';
import '@vidstack/react/player/styles/default/layouts/video.css';
import './video-player.css';
import {
  MediaPlayer,
  MediaProvider,
  Poster,
  Track,
  isHLSProvider,
  type MediaPlayerInstance,
  type MediaProviderAdapter,
  type PlayerSrc,
} from '@vidstack/react';
import { DefaultAudioLayout, DefaultVideoLayout, defaultLayoutIcons } from '@vidstack/react/player/layouts/default';
import { useEffect, useRef, useState } from 'react';
import type { VideoPart } from '@/lib/api/types';
import { useDark } from '@/lib/theme';
import { placeOf, type Place } from './video-parts';
import { VideoFailure } from './video-failure';

/** A wish to see a moment of the video; `round` tells two wishes for the same moment apart. */
export interface Seek {
  ms: number;
  round: number;
}

/** `wholeMs`: the moment in the whole recording. */
interface Wish extends Place {
  wholeMs: number;
}

interface VideoPlayerProps {
  /** At least one; they are played as if they were one. */
  parts: readonly VideoPart[];
  title: string;
  seek: Seek | null;
  onTime: (ms: number) => void;
}

function sourceOf(part: VideoPart): PlayerSrc {
  return { src: part.url, type: part.mime_type.split(';')[0] ?? 'video/webm' } as PlayerSrc;
}

/** For adaptive videos where the browser cannot play them by itself; by default the player would fetch this from elsewhere. */
function prepare(provider: MediaProviderAdapter | null) {
  if (!isHLSProvider(provider)) return;
  provider.library = () => import('hls.js');
  // Its worker would come from a blob, which the content security policy forbids.
  provider.config = { enableWorker: false };
}

export default function VideoPlayer({ parts, title, seek, onTime }: VideoPlayerProps) {
  const player = useRef<MediaPlayerInstance>(null);
  const scheme = useDark() ? 'dark' : 'light';
  const [wish, setWish] = useState<Wish | null>(null);
  const [followed, setFollowed] = useState(0);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const seenMs = useRef(0);
  if (seek && seek.round !== followed) {
    setFollowed(seek.round);
    setWish({ ...placeOf(parts, seek.ms), wholeMs: seek.ms });
  }
  const number = Math.min(wish?.part ?? 0, parts.length - 1);
  const part = parts[number];

  useEffect(() => {
    const media = player.current;
    if (!media || !wish) return;
    seenMs.current = wish.wholeMs;
    const go = () => {
      media.currentTime = wish.ms / 1000;
      // A browser may refuse to start sound by itself; the picture then waits at the right moment.
      media.play().catch(() => undefined);
    };
    if (media.state.canPlay) {
      go();
      return;
    }
    media.addEventListener('can-play', go, { once: true });
    return () => media.removeEventListener('can-play', go);
  }, [wish, attempt]);

  if (!part) return null;
  if (failed) {
    const again = () => {
      setFailed(false);
      // It goes on where it stopped, or where it was asked to go.
      if (seenMs.current > 0) setWish({ ...placeOf(parts, seenMs.current), wholeMs: seenMs.current });
      setAttempt((n) => n + 1);
    };
    return <VideoFailure url={part.url} onRetry={again} />;
  }
  return (
    <MediaPlayer
      // A part is a video of its own, with its own captions and chapters.
      key={`${number}-${attempt}`}
      ref={player}
      title={title}
      src={sourceOf(part)}
      viewType={part.has_video ? 'video' : 'audio'}
      streamType="on-demand"
      load="eager"
      posterLoad="eager"
      preload="metadata"
      playsInline
      className="results-player"
      onProviderChange={prepare}
      onTimeUpdate={({ currentTime }) => {
        seenMs.current = part.start_ms + currentTime * 1000;
        onTime(seenMs.current);
      }}
      onEnded={() => {
        const next = parts[number + 1];
        if (next) setWish({ part: number + 1, ms: 0, wholeMs: next.start_ms });
      }}
      onError={() => setFailed(true)}
    >
      <MediaProvider>
        {part.has_video && <Poster className="vds-poster" src={part.poster_url} alt="" />}
        <Track src={part.captions_url} kind="captions" label="English" lang="en" type="vtt" default />
        <Track src={part.chapters_url} kind="chapters" label="Questions" lang="en" type="vtt" default />
      </MediaProvider>
      <DefaultAudioLayout icons={defaultLayoutIcons} colorScheme={scheme} slots={{ googleCastButton: null }} />
      <DefaultVideoLayout
        icons={defaultLayoutIcons}
        colorScheme={scheme}
        noScrubGesture
        smallLayoutWhen={({ width }) => width < 420}
        // Casting would fetch a script from another company's server.
        slots={{ googleCastButton: null }}
      />
    </MediaPlayer>
  );
}
