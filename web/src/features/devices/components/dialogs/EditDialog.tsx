import { Button, Group, Modal, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { FormError } from '@/components/ui/FormError';
import { useTenant } from '@/features/session/hooks';
import { formatDuration } from '@/lib/units';
import { useChangeDevice } from '../../api/changeDevice';
import { groupsQuery } from '../../api/listGroups';
import { tagsQuery } from '../../api/listTags';
import type { Device } from '../../hooks';

/** Usual choices, and whatever the device has now. */
function choices(usual: readonly number[], now: number) {
  return [...new Set([...usual, now])]
    .sort((a, b) => a - b)
    .map((seconds) => ({ value: String(seconds), label: formatDuration(seconds) }));
}

export function EditDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const tenant = useTenant();
  const change = useChangeDevice(tenant.tenant_id, device.id);
  const groups = useQuery(groupsQuery(tenant.tenant_id));
  const tags = useQuery(tagsQuery(tenant.tenant_id));
  const form = useForm({
    initialValues: {
      name: device.name,
      group: device.group_id === null ? null : String(device.group_id),
      tags: device.tags,
      poll: String(device.poll_interval_s),
      snapshot: String(device.snapshot_interval_s),
      notes: device.notes,
    },
    validate: { name: (value) => (value.trim() === '' ? 'Enter a name' : null) },
  });
  const submit = form.onSubmit((values) =>
    change.mutate(
      {
        name: values.name.trim(),
        ...(values.group === null ? { clear_group: true } : { group_id: Number(values.group) }),
        tags: values.tags,
        poll_interval_s: Number(values.poll),
        snapshot_interval_s: Number(values.snapshot),
        notes: values.notes,
      },
      { onSuccess: onClose },
    ),
  );
  return (
    <Modal opened onClose={onClose} title={`Edit ${device.name}`} size={480}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            label="Name"
            description="In Drover only; the router’s identity is not touched."
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Group grow gap="sm" align="flex-start">
            <Select
              label="Group"
              placeholder="None"
              clearable
              searchable
              data={(groups.data ?? []).map((group) => ({ value: String(group.id), label: group.name }))}
              {...form.getInputProps('group')}
            />
            <TagsInput
              label="Tags"
              acceptValueOnBlur
              data={(tags.data ?? []).map((tag) => tag.name)}
              {...form.getInputProps('tags')}
            />
          </Group>
          <Group grow gap="sm" align="flex-start">
            <Select
              label="Poll every"
              allowDeselect={false}
              data={choices([10, 30, 60, 300, 900, 3600], device.poll_interval_s)}
              {...form.getInputProps('poll')}
            />
            <Select
              label="Back up every"
              allowDeselect={false}
              data={choices([3600, 21_600, 43_200, 86_400, 604_800], device.snapshot_interval_s)}
              {...form.getInputProps('snapshot')}
            />
          </Group>
          <Textarea
            label="Notes"
            autosize
            minRows={3}
            maxRows={10}
            maxLength={4000}
            {...form.getInputProps('notes')}
          />
          <FormError error={change.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={change.isPending}>
              Save changes
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
