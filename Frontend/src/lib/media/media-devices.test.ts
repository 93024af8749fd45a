import { describe, expect, it, vi } from 'vitest';
import { everythingOn, readDeviceChoice, writeDeviceChoice } from './device-choice';
import { DeviceError, deviceError, listDevices, openCamera } from './media-devices';
import { covered, initialsOf } from '@/features/room/recorder/recorded-picture';
import { loudness } from './sound-stage';

describe('a camera that cannot be had', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'busy'],
    ['OverconstrainedError', 'unsuitable'],
    ['SecurityError', 'insecure'],
    ['AbortError', 'interrupted'],
    ['SomethingNewError', 'unknown'],
  ])('%s is told in words of its own, with what to do', (name, trouble) => {
    const error = deviceError(new DOMException('', name), 'camera');
    expect(error.trouble).toBe(trouble);
    expect(error.message).toMatch(/camera/);
    expect(error.advice).not.toBe('');
  });

  it('has a sentence for each trouble that no other has', () => {
    const names = [
      'NotAllowedError',
      'NotFoundError',
      'NotReadableError',
      'OverconstrainedError',
      'SecurityError',
      'AbortError',
      '',
    ];
    const sentences = names.map((name) => deviceError({ name }, 'microphone').message);
    expect(new Set(sentences).size).toBe(names.length);
  });

  it('on an insecure page says so instead of crashing', async () => {
    vi.stubGlobal('navigator', {});
    await expect(openCamera()).rejects.toMatchObject({ trouble: 'insecure' });
    await expect(openCamera()).rejects.toBeInstanceOf(DeviceError);
    expect(await listDevices('videoinput')).toEqual([]);
  });
});

describe('devices to choose from', () => {
  it('are those of the kind asked for, with a name each', async () => {
    const device = (kind: string, deviceId: string, label: string) => ({ kind, deviceId, label });
    vi.stubGlobal('navigator', {
      mediaDevices: {
        enumerateDevices: () =>
          Promise.resolve([
            device('audioinput', 'a', 'Headset'),
            device('videoinput', 'v1', ''),
            device('videoinput', '', ''),
            device('videoinput', 'v2', 'Webcam'),
          ]),
      },
    });
    expect(await listDevices('videoinput')).toEqual([
      { id: 'v1', label: 'Camera 1' },
      { id: 'v2', label: 'Webcam' },
    ]);
  });
});

describe('the choice of devices', () => {
  it('is kept for the room, and only when it is one', () => {
    expect(readDeviceChoice()).toBeNull();
    writeDeviceChoice({ ...everythingOn, camera: false });
    expect(readDeviceChoice()).toEqual({ ...everythingOn, camera: false });
    sessionStorage.setItem('dost-devices', '{"camera":"yes"}');
    expect(readDeviceChoice()).toBeNull();
    sessionStorage.setItem('dost-devices', '{');
    expect(readDeviceChoice()).toBeNull();
  });
});

describe('the recorded picture', () => {
  it('fills its frame without stretching anyone', () => {
    expect(covered(1280, 720, 640, 480)).toEqual({ x: 160, y: 0, width: 960, height: 720 });
    expect(covered(480, 640, 640, 480)).toEqual({ x: 0, y: 140, width: 480, height: 360 });
  });

  it('has initials for any name', () => {
    expect(['Ada Lovelace', 'Prince', 'María José da Silva', '  ', '李 小龍'].map(initialsOf)).toEqual([
      'AL',
      'P',
      'MS',
      '·',
      '李小',
    ]);
  });
});

describe('the level meter', () => {
  it('shows nothing for silence, everything for the loudest, and speech in between', () => {
    expect(loudness(new Float32Array(256))).toBe(0);
    expect(loudness(new Float32Array(256).fill(1))).toBe(1);
    expect(loudness(new Float32Array(256).fill(0.1))).toBeCloseTo(2 / 3, 2);
    expect(loudness(new Float32Array(0))).toBe(0);
  });
});
