import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { jobOver } from '@/lib/job';
import { platformKeys } from '../keys';

export const platformJobQuery = (jobId: number) =>
  queryOptions({
    queryKey: platformKeys.job(jobId),
    queryFn: () => unwrap(api.GET('/api/platform/jobs/{job_id}', { params: { path: { job_id: jobId } } })),
    refetchInterval: ({ state }) => (state.data && jobOver(state.data) ? false : 500),
  });
