export type Device = 'camera' | 'microphone' | 'both';
export type DeviceTrouble = 'denied' | 'missing' | 'busy' | 'unsuitable' | 'insecure' | 'interrupted' | 'unknown';

/** Why a camera or microphone could not be had: `message` says what happened, `advice` what to do. */
export class DeviceError extends Error {
  readonly trouble: DeviceTrouble;
  readonly advice: string;

  constructor(trouble: DeviceTrouble, device: Device) {
    const words = WORDS[trouble](NAMES[device]);
    super(words.message);
    this.name = 'DeviceError';
    this.trouble = trouble;
    this.advice = words.advice;
  }
}

const NAMES: Record<Device, string> = {
  camera: 'camera',
  microphone: 'microphone',
  both: 'camera and microphone',
};

const WORDS: Record<DeviceTrouble, (device: string) => { message: string; advice: string }> = {
  denied: (device) => ({
    message: `The browser may not use your ${device}.`,
    advice:
      'Click the camera or lock sign beside the address, allow access, then try again. On a Mac, also look in System Settings, under Privacy & Security.',
  }),
  missing: (device) => ({
    message: `We found no ${device}.`,
    advice: 'Plug one in or switch it on, then try again.',
  }),
  busy: (device) => ({
    message: `Another program is using your ${device}.`,
    advice: 'Close other video calls and tabs that use it, then try again.',
  }),
  unsuitable: (device) => ({
    message: `The ${device} you chose is not there any more.`,
    advice: 'Choose another one from the list.',
  }),
  insecure: (device) => ({
    message: `This browser gives pages no access to a ${device} at this address.`,
    advice: 'Open the page over https or on localhost, in a current version of Chrome, Edge, Firefox or Safari.',
  }),
  interrupted: (device) => ({
    message: `The ${device} stopped before it could start.`,
    advice: 'Unplug it and plug it in again, or restart the browser, then try again.',
  }),
  unknown: (device) => ({
    message: `Your ${device} could not be started.`,
    advice: 'Try again, or choose another one from the list.',
  }),
};

const TROUBLES: Readonly<Record<string, DeviceTrouble>> = {
  NotAllowedError: 'denied',
  PermissionDeniedError: 'denied',
  NotFoundError: 'missing',
  DevicesNotFoundError: 'missing',
  NotReadableError: 'busy',
  TrackStartError: 'busy',
  OverconstrainedError: 'unsuitable',
  ConstraintNotSatisfiedError: 'unsuitable',
  SecurityError: 'insecure',
  TypeError: 'insecure',
  AbortError: 'interrupted',
};

export function deviceError(error: unknown, device: Device): DeviceError {
  if (error instanceof DeviceError) return error;
  const name = typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
  return new DeviceError(TROUBLES[name] ?? 'unknown', device);
}

/** Wishes, not demands: a machine that cannot fulfil one still gives its device. */
function cameraWish(deviceId: string | null): MediaTrackConstraints {
  return {
    ...(deviceId ? { deviceId: { ideal: deviceId } } : {}),
    width: { ideal: 640 },
    height: { ideal: 480 },
    frameRate: { ideal: 24 },
  };
}

function microphoneWish(deviceId: string | null): MediaTrackConstraints {
  return {
    ...(deviceId ? { deviceId: { ideal: deviceId } } : {}),
    // Without it the interviewer would hear itself out of the speaker and take it for an answer.
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
  };
}

/** @throws DeviceError */
export function openCamera(deviceId: string | null = null): Promise<MediaStream> {
  return open({ video: cameraWish(deviceId) }, 'camera');
}

/** @throws DeviceError */
export function openMicrophone(deviceId: string | null = null): Promise<MediaStream> {
  return open({ audio: microphoneWish(deviceId) }, 'microphone');
}

async function open(wish: MediaStreamConstraints, device: Device): Promise<MediaStream> {
  // Pages that are not served securely have no mediaDevices at all.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new DeviceError('insecure', device);
  try {
    return await devices.getUserMedia(wish);
  } catch (error) {
    throw deviceError(error, device);
  }
}

export interface DeviceOption {
  id: string;
  label: string;
}

/** What can be chosen. Names are known only after the browser has been allowed to use a device of that kind. */
export async function listDevices(kind: 'videoinput' | 'audioinput'): Promise<DeviceOption[]> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  const all = (await devices?.enumerateDevices?.().catch(() => [])) ?? [];
  return all
    .filter((device) => device.kind === kind && device.deviceId !== '')
    .map((device, index) => ({
      id: device.deviceId,
      label: device.label || `${kind === 'videoinput' ? 'Camera' : 'Microphone'} ${index + 1}`,
    }));
}

export function stopStream(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
