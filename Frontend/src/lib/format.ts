import { getLocale, m } from '@/lib/messages';

const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
const MOMENT: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' };

export function formatDay(iso: string): string {
  return new Intl.DateTimeFormat(getLocale(), DAY).format(new Date(iso));
}

export function formatMoment(iso: string): string {
  return new Intl.DateTimeFormat(getLocale(), MOMENT).format(new Date(iso));
}

/** 83_000 → "1:23"; 3_723_000 → "1:02:03". */
export function formatClock(ms: number): string {
  const all = Math.max(0, Math.floor(ms / 1000));
  const seconds = String(all % 60).padStart(2, '0');
  const minutes = Math.floor(all / 60) % 60;
  const hours = Math.floor(all / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** 1536 → "1.5 kB". */
export function formatBytes(bytes: number): string {
  const units = [m.lib_size_bytes, m.lib_size_kb, m.lib_size_mb, m.lib_size_gb, m.lib_size_tb] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const shown = unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0);
  return (units[unit] ?? m.lib_size_tb)({ value: shown });
}

/** At most one decimal, and none where it says nothing: 3 → "3", 3.25 → "3.3". */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat(getLocale(), { maximumFractionDigits: 1 }).format(value);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name;
}
