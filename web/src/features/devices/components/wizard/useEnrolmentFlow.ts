import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiError } from '@/api/errors';
import { useDiscardEnrolment } from '../../api/discardEnrolment';
import { enrolmentQuery } from '../../api/getEnrolment';
import { enrolmentAdvice } from '../../enrolmentAdvice';
import { deviceKeys } from '../../keys';

/** Follows one enrolment; says at which stage it stands and what went wrong. */
export function useEnrolmentFlow(tenantId: number, id: string | null) {
  const queryClient = useQueryClient();
  const discard = useDiscardEnrolment(tenantId);
  const query = useQuery({ ...enrolmentQuery(tenantId, id ?? ''), enabled: id !== null });
  const enrolment = id === null ? undefined : query.data;
  const state = enrolment?.state;

  useEffect(() => {
    if (state === 'done') void queryClient.invalidateQueries({ queryKey: deviceKeys.all(tenantId) });
  }, [state, queryClient, tenantId]);

  const lost = id !== null && query.isError;
  const stage: 'form' | 'moving' | 'confirm' | 'done' =
    id === null || lost || state === 'failed' || state === 'expired'
      ? 'form'
      : state === 'awaiting_confirmation'
        ? 'confirm'
        : state === 'done'
          ? 'done'
          : 'moving';

  const failure = lost
    ? query.error
    : state === 'failed'
      ? new ApiError(
          enrolment?.error_code ?? 'enrolment.failed',
          enrolment?.error_message ?? 'The router could not be added.',
          0,
        )
      : state === 'expired'
        ? new ApiError(
            'enrolment.expired',
            'Ten minutes passed without a confirmation; what was typed has been forgotten by the server.',
            0,
          )
        : null;
  const advice =
    state === 'failed'
      ? enrolmentAdvice(enrolment?.error_code ?? null)
      : state === 'expired'
        ? 'Connect again.'
        : null;

  /** The server forgets credentials that nobody will confirm. */
  const abandon = () => {
    if (id !== null && (state === 'awaiting_confirmation' || state === 'connecting')) discard.mutate(id);
  };
  return { stage, enrolment, failure, advice, abandon };
}
