import type { AvatarModel } from '@/lib/api/types';
import { openCall, type OpenCall } from '../call/call-frame';
import type { CallSpeaker } from '../call/tavus-messages';
import { openCamera, openMicrophone } from '@/lib/media/media-devices';
import { Microphone, type FrameListener } from '../sound/microphone';
import { RecordedPicture } from '../recorder/recorded-picture';
import { Recorder, type RecorderOptions } from '../recorder/recorder';
import type { RecordingUploads } from '@/lib/recording/recording-uploads';
import { SoundStage } from '@/lib/media/sound-stage';
import type { ScheduledSpeech } from '../sound/speech-player';
import type { BrowserVoice } from '../sound/voiceless-speech';
import type { LiveConnectionOptions } from '../connection/live-connection';
import type { RoomState } from '../connection/room-state';

/** on; off: by choice; failed: it could not be had, or has gone. */
export type DeviceState = 'on' | 'off' | 'failed';

export interface OwnState {
  /** waiting: before the person has said that they are ready; entering: devices are being asked for; entered; left. */
  presence: 'waiting' | 'entering' | 'entered' | 'left';
  microphone: DeviceState;
  camera: DeviceState;
  /** none: no consent, or this browser cannot; lost: it broke off. */
  recording: 'none' | 'on' | 'lost';
  preview: MediaStream | null;
  ending: boolean;
}

/** The interviewer's video call, where this installation has one. */
export interface CallState {
  /** none: our own interviewer leads. */
  status: 'none' | 'joining' | 'joined';
  speaking: CallSpeaker | null;
  /** Lines in flux, as the call tells them. */
  captions: Partial<Record<CallSpeaker, string | undefined>>;
  /** Our server is asking the vendor for one; with a vendor that is slow this takes long. */
  arranging: boolean;
  /** Why no call could be had: the person decides how to go on. */
  problem: { code: string; message: string } | null;
}

/** Who leads an interview, as our server arranges it. */
export interface CallService {
  begin: (choice: 'configured' | 'built-in') => Promise<AvatarModel>;
  /** The page goes away. Must be good for the moment in which a tab closes. */
  leave: () => void;
}

export interface RoomSnapshot {
  room: RoomState;
  own: OwnState;
  call: CallState;
}

/** What makes the face follow the voice. */
export interface Lips {
  speak(speech: ScheduledSpeech): void;
  /** For a voice without phoneme times. */
  speakRoughly(text: string, durationMs: number): void;
  stop(): void;
  /** A sign of having heard. */
  nod(): void;
}

export interface RoomEngineOptions {
  interviewId: string;
  userId: string;
  userName: string;
  consented: boolean;
  uploads: Pick<RecordingUploads, 'startTake' | 'addPiece' | 'endTake' | 'nextTake' | 'retryNow'>;
  renewSignIn: NonNullable<LiveConnectionOptions['renewSignIn']>;
  /** Null where our own interviewer leads every interview. */
  callService: CallService | null;
  /** Ends the interview over plain HTTP, for when the socket cannot carry the wish. */
  finish: () => Promise<unknown>;
  parts?: Partial<Parts>;
}

export type OpenMicrophone = Pick<Microphone, 'setListening' | 'close' | 'sequence'>;

/** What the engine is made of; a test hands in its own. */
export interface Parts {
  openSocket: LiveConnectionOptions['openSocket'];
  stage: () => SoundStage;
  openCamera: typeof openCamera;
  openMicrophone: typeof openMicrophone;
  listen: (
    stage: SoundStage,
    stream: MediaStream,
    firstSequence: number,
    onFrame: FrameListener,
  ) => Promise<OpenMicrophone>;
  picture: (initials: string) => Pick<RecordedPicture, 'track' | 'setCamera' | 'close'>;
  recorder: (
    stream: MediaStream,
    options: RecorderOptions,
  ) => Pick<Recorder, 'start' | 'stop' | 'pause' | 'resume' | 'flush' | 'recording'>;
  stream: (tracks: MediaStreamTrack[]) => MediaStream;
  voice: () => BrowserVoice | null;
  openCall: OpenCall;
  now: () => number;
}

export const REAL_PARTS: Parts = {
  openSocket: undefined,
  stage: () => new SoundStage(),
  openCamera,
  openMicrophone,
  listen: (stage, stream, firstSequence, onFrame) => Microphone.open(stage.context, stream, firstSequence, onFrame),
  picture: (initials) => new RecordedPicture(initials),
  recorder: (stream, options) => new Recorder(stream, options),
  stream: (tracks) => new MediaStream(tracks),
  voice: () => (typeof speechSynthesis === 'undefined' ? null : speechSynthesis),
  openCall,
  now: () => performance.now(),
};
