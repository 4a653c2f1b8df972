import { Button, Group, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { FormError } from '@/components/ui/FormError';
import { useEnterTenant } from '../api/enterTenant';

const SPANS = [
  { value: '15', label: '15 min' },
  { value: '60', label: '1 h' },
  { value: '240', label: '4 h' },
  { value: '480', label: '8 h' },
];

interface EnterFormProps {
  tenant: { tenant_id: number; slug: string; name: string };
  onCancel?: () => void;
}

/** A super admin has no standing view of a client: an entry has a reason, an end, and a line in the client's trail. */
export function EnterForm({ tenant, onCancel }: EnterFormProps) {
  const enter = useEnterTenant();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { reason: '', minutes: '60' },
    validate: { reason: (value) => (value.trim().length < 5 ? 'Say why, in at least five letters' : null) },
  });
  const submit = form.onSubmit(({ reason, minutes }) =>
    enter.mutate(
      { tenantId: tenant.tenant_id, reason: reason.trim(), minutes: Number(minutes) },
      { onSuccess: () => void navigate({ to: '/t/$slug', params: { slug: tenant.slug } }) },
    ),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          You are not a member of {tenant.name}. Your reason and everything you do there is written to their
          audit trail, where their admins can read it.
        </Text>
        <Textarea
          label="Reason"
          placeholder="Ticket 4711: tower-2 is down"
          autosize
          minRows={2}
          data-autofocus
          {...form.getInputProps('reason')}
        />
        <div>
          <Text size="sm" fw={500} mb={4} id="enter-for">
            For
          </Text>
          <SegmentedControl aria-labelledby="enter-for" data={SPANS} {...form.getInputProps('minutes')} />
        </div>
        <FormError error={enter.error} />
        <Group justify="flex-end" gap="xs">
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          )}
          <Button type="submit" loading={enter.isPending}>
            Enter {tenant.name}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
