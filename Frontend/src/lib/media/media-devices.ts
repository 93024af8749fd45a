import { m } from '@/lib/messages';
export type Device = 'camera' | 'microphone' | 'both';
export type DeviceTrouble = 'denied' | 'missing' | 'busy' | 'unsuitable' | 'insecure' | 'interrupted' | 'unknown';

/** Why a camera or microphone could not be had: `message` says what happened, `advice` what to do. */
export class DeviceError extends Error {
  readonly trouble: DeviceTrouble;
  readonly advice: string;

  constructor(trouble: DeviceTrouble, device: Device) {
    const words = WORDS[trouble](NAMES[device]());
    super(words.message);
    this.name = 'DeviceError';
    this.trouble = trouble;
    this.advice = words.advice;
  }
}

const NAMES: Record<Device, () => string> = {
  camera: m.lib_device_camera,
  microphone: m.lib_device_microphone,
  both: m.lib_device_both,
};

const WORDS: Record<DeviceTrouble, (device: string) => { message: string; advice: string }> = {
  denied: (device) => ({
    message: m.lib_device_denied({ device }),
    advice: m.lib_device_denied_advice(),
  }),
  missing: (device) => ({
    message: m.lib_device_missing({ device }),
    advice: m.lib_device_missing_advice(),
  }),
  busy: (device) => ({
    message: m.lib_device_busy({ device }),
    advice: m.lib_device_busy_advice(),
  }),
  unsuitable: (device) => ({
    message: m.lib_device_unsuitable({ device }),
    advice: m.lib_device_unsuitable_advice(),
  }),
  insecure: (device) => ({
    message: m.lib_device_insecure({ device }),
    advice: m.lib_device_insecure_advice(),
  }),
  interrupted: (device) => ({
    message: m.lib_device_interrupted({ device }),
    advice: m.lib_device_interrupted_advice(),
  }),
  unknown: (device) => ({
    message: m.lib_device_unknown({ device }),
    advice: m.lib_device_unknown_advice(),
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
      label:
        device.label || (kind === 'videoinput' ? m.lib_camera_number : m.lib_microphone_number)({ number: index + 1 }),
    }));
}

export function stopStream(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
