import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiGet, apiPatch, apiPost, apiUpload } from '@/lib/api/client';
import { INTERVIEWS } from '@/lib/api/interviews';
import { ProblemError } from '@/lib/api/problem';
import type { NewInterview, ProfileCorrection, ProfileModel } from '@/lib/api/types';

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => apiGet('/api/roles', { signal }),
  staleTime: Infinity,
  meta: { ofNobody: true },
});

const PROFILES = ['profiles'] as const;

const ofProfile = (profile_id: string) => ({ path: { profile_id } });

/** Null for whoever has given no resume yet. */
export const latestProfileQuery = queryOptions<ProfileModel | null>({
  queryKey: [...PROFILES, 'latest'],
  queryFn: async ({ signal }) => {
    try {
      return await apiGet('/api/profiles/latest', { signal });
    } catch (error) {
      if (error instanceof ProblemError && error.status === 404) return null;
      throw error;
    }
  },
});

/** Null without a resume. */
export const profileQuery = (id: string | null) =>
  queryOptions<ProfileModel | null>({
    queryKey: [...PROFILES, 'one', id],
    queryFn: ({ signal }) =>
      id === null ? null : apiGet('/api/profiles/{profile_id}', { params: ofProfile(id), signal }),
  });

function formOf(name: 'file' | 'text', value: File | string): FormData {
  const form = new FormData();
  form.set(name, value);
  return form;
}

export const profileFromFile = (file: File, signal: AbortSignal) =>
  apiUpload('post', '/api/profiles', { body: formOf('file', file), signal });

export const profileFromText = (text: string, signal: AbortSignal) =>
  apiUpload('post', '/api/profiles', { body: formOf('text', text), signal });

interface Creation {
  interview: NewInterview;
  /** What the person has put right in their profile, or null. */
  correction: { profileId: string; profile: ProfileCorrection } | null;
}

export function useCreation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ interview, correction }: Creation) => {
      if (correction) {
        await apiPatch('/api/profiles/{profile_id}', {
          params: ofProfile(correction.profileId),
          body: correction.profile,
        });
      }
      return apiPost('/api/interviews', { body: interview });
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: INTERVIEWS });
      void queries.invalidateQueries({ queryKey: PROFILES });
    },
  });
}
