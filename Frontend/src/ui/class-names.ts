import { clsx, type ClassValue } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

/** The sizes of app/index.css: without their names here, a size would be taken for a colour and give way to one. */
const merge = extendTailwindMerge({
  extend: {
    theme: {
      text: ['display', 'title', 'headline', 'heading', 'subheading', 'label', 'compact', 'tag'],
      shadow: ['card', 'high'],
    },
  },
});

/** Joins what is there. Of two classes for the same thing the later one wins, so that a component can be told otherwise. */
export function classNames(...parts: ClassValue[]): string {
  return merge(clsx(parts));
}
