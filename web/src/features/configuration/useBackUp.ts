import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { asApiError } from '@/api/errors';
import { deviceKeys } from '@/features/devices/keys';
import { jobOver } from '@/lib/job';
import { sentence } from '@/lib/words';
import { getJob } from './api/getJob';
import { takeSnapshot } from './api/takeSnapshot';
import { configurationKeys } from './keys';

const POLL_MS = 700;

/** Takes a backup, follows its job to the end, and says how it ended, even when the page has been left. */
export function useBackUp(tenantId: number, deviceId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      let job = await takeSnapshot(tenantId, deviceId);
      while (!jobOver(job)) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        job = await getJob(tenantId, job.id);
      }
      return job;
    },
    onSuccess: (job) => {
      if (job.state === 'done') {
        notifications.show({
          title: 'Backed up',
          message:
            job.result?.['changed'] === false
              ? 'The configuration is the same as at the last backup.'
              : 'The configuration is on the timeline.',
        });
      } else {
        notifications.show({
          color: 'red',
          title: 'The backup failed',
          message: sentence(job.error_message ?? 'the job was stopped'),
          autoClose: 12_000,
        });
      }
    },
    onError: (error) => {
      const { message, requestId } = asApiError(error);
      notifications.show({
        color: 'red',
        title: 'The backup did not start',
        message: requestId === null ? sentence(message) : `${sentence(message)} Request ${requestId}`,
        autoClose: 12_000,
      });
    },
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: configurationKeys.lists(tenantId, deviceId) });
      void queryClient.invalidateQueries({ queryKey: deviceKeys.device(tenantId, deviceId) });
    },
  });
}
