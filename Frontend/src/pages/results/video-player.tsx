import '@vidstack/react/player/styles/default/theme.css';
import '@vidstack/react/player/styles/default/layouts/audio.css';
import '@vidstack/react/player/styles/default/layouts/video.css';
import './video-player.css';
import { MediaPlayer, MediaProvider, Track, type MediaPlayerInstance, type VideoMimeType } from '@vidstack/react';
import { DefaultAudioLayout, DefaultVideoLayout, defaultLayoutIcons } from '@vidstack/react/player/layouts/default';
import { useEffect, useRef } from 'react';
import { useDark } from '@/lib/theme/theme';

/** A wish to see a moment of the video; `round` tells two wishes for the same moment apart. */
export interface Seek {
  ms: number;
  round: number;
}

interface VideoPlayerProps {
  url: string;
  mimeType: string;
  hasVideo: boolean;
  captionsUrl: string | null;
  chaptersUrl: string | null;
  title: string;
  seek: Seek | null;
  onTime: (ms: number) => void;
}

export default function VideoPlayer(props: VideoPlayerProps) {
  const { url, mimeType, hasVideo, captionsUrl, chaptersUrl, title, seek, onTime } = props;
  const player = useRef<MediaPlayerInstance>(null);
  const scheme = useDark() ? 'dark' : 'light';

  useEffect(() => {
    const media = player.current;
    if (!media || !seek) return;
    const go = () => {
      media.currentTime = seek.ms / 1000;
      // A browser may refuse to start sound by itself; the picture then waits at the right moment.
      media.play().catch(() => undefined);
    };
    if (media.state.canPlay) {
      go();
      return;
    }
    media.addEventListener('can-play', go, { once: true });
    return () => media.removeEventListener('can-play', go);
  }, [seek]);

  return (
    <MediaPlayer
      ref={player}
      title={title}
      src={{ src: url, type: (mimeType.split(';')[0] ?? 'video/webm') as VideoMimeType }}
      viewType={hasVideo ? 'video' : 'audio'}
      streamType="on-demand"
      load="eager"
      preload="metadata"
      playsInline
      className="results-player"
      onTimeUpdate={({ currentTime }) => onTime(currentTime * 1000)}
    >
      <MediaProvider>
        {captionsUrl && <Track src={captionsUrl} kind="captions" label="English" lang="en" type="vtt" default />}
        {chaptersUrl && <Track src={chaptersUrl} kind="chapters" label="Questions" lang="en" type="vtt" default />}
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
