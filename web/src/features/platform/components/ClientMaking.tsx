import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { CopyField } from '@/components/ui/CopyField';
import { FormError } from '@/components/ui/FormError';
import { ApiError } from '@/api/errors';
import { overviewKeys } from '@/features/overview/keys';
import { sessionKeys } from '@/features/session/keys';
import { absoluteUrl } from '@/lib/url';
import { jobPercent } from '@/lib/job';
import { platformJobQuery } from '../api/getPlatformJob';

interface ClientMakingProps {
  made: { job_id: number; name: string; email: string | null; invitation_url?: string | null };
  onClose: () => void;
}

/** The making of a client, step by step, and the receipt: the invitation to hand over. */
export function ClientMaking({ made, onClose }: ClientMakingProps) {
  const job = useQuery(platformJobQuery(made.job_id));
  const queryClient = useQueryClient();
  const state = job.data?.state;
  useEffect(() => {
    if (state !== 'done') return;
    void queryClient.invalidateQueries({ queryKey: overviewKeys.overview });
    void queryClient.invalidateQueries({ queryKey: sessionKeys.session });
  }, [state, queryClient]);

  const failed = state === 'failed' || state === 'cancelled';
  const failure =
    job.error ??
    (failed
      ? new ApiError(
          job.data?.error_code ?? 'job.failed',
          job.data?.error_message ?? 'The client was not made.',
          0,
        )
      : null);
  return (
    <Stack gap="md">
      {state === 'done' ? (
        <Group gap={8} wrap="nowrap" align="flex-start" role="status">
          <IconCircleCheck size={18} color="var(--d-recovered)" aria-hidden />
          <Text size="sm">
            {made.name} is ready: its keys, its own part of the database and its audit trail are made.
          </Text>
        </Group>
      ) : (
        !failure && (
          <div role="status">
            <Text size="sm" mb={8}>
              {job.data?.step
                ? `${job.data.step.slice(0, 1).toUpperCase()}${job.data.step.slice(1)}…`
                : 'Waiting for a worker…'}
            </Text>
            <Progress
              value={(job.data && jobPercent(job.data)) ?? 5}
              animated
              size={5}
              aria-label="Progress"
            />
          </div>
        )
      )}
      <FormError error={failure} />
      {made.invitation_url != null && (
        <div>
          <Text size="sm" fw={500} mb={2}>
            Invitation for {made.email}
          </Text>
          <Text size="sm" c="dimmed" mb={6}>
            It works once and is shown only here. Send it to them in a way you trust.
          </Text>
          <CopyField label="Invitation link" value={absoluteUrl(made.invitation_url)} />
        </div>
      )}
      <Group justify="flex-end">
        <Button variant={state === 'done' ? 'filled' : 'default'} onClick={onClose}>
          {state === 'done' ? 'Done' : 'Close'}
        </Button>
      </Group>
    </Stack>
  );
}
