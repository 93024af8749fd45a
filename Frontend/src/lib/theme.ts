import { useSyncExternalStore } from 'react';

export type ThemeWish = 'system' | 'light' | 'dark';

const KEY = 'dost-theme';
const listeners = new Set<() => void>();
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

function readWish(): ThemeWish {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

function apply(): void {
  const wish = readWish();
  const dark = wish === 'dark' || (wish === 'system' && systemDark.matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

systemDark.addEventListener('change', apply);
window.addEventListener('storage', (event) => {
  if (event.key === KEY) apply();
});

export function setThemeWish(wish: ThemeWish): void {
  try {
    if (wish === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, wish);
  } catch {
    // The choice then lasts as long as the page.
  }
  apply();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useThemeWish(): ThemeWish {
  return useSyncExternalStore(subscribe, readWish);
}

export function useDark(): boolean {
  return useSyncExternalStore(subscribe, () => document.documentElement.dataset.theme === 'dark');
}
