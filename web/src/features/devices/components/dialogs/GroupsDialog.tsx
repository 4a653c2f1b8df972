import { ActionIcon, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconCheck, IconPencil, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import type { Schema } from '@/api/client';
import { Bone, Loading } from '@/components/ui/Bone';
import { ErrorState } from '@/components/ui/ErrorState';
import { FormError } from '@/components/ui/FormError';
import { formatCounted } from '@/lib/units';
import { useCreateGroup } from '../../api/createGroup';
import { useDeleteGroup } from '../../api/deleteGroup';
import { groupsQuery } from '../../api/listGroups';
import { useRenameGroup } from '../../api/renameGroup';
import classes from './GroupsDialog.module.css';

function GroupLine({ tenantId, group }: { tenantId: number; group: Schema<'Group'> }) {
  const [name, setName] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const rename = useRenameGroup(tenantId);
  const remove = useDeleteGroup(tenantId);
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    if (name === null || name.trim() === '') return;
    rename.mutate({ id: group.id, name: name.trim() }, { onSuccess: () => setName(null) });
  };
  if (name !== null) {
    return (
      <form onSubmit={save} className={classes.line}>
        <TextInput
          aria-label={`New name of ${group.name}`}
          value={name}
          autoFocus
          flex={1}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ActionIcon
          type="submit"
          variant="default"
          size={32}
          aria-label="Save the name"
          loading={rename.isPending}
        >
          <IconCheck size={15} aria-hidden />
        </ActionIcon>
        <FormError error={rename.error} />
      </form>
    );
  }
  return (
    <div className={classes.line}>
      <span className={classes.name}>{group.name}</span>
      {asked ? (
        <>
          <Text size="sm" c="dimmed">
            {group.devices > 0
              ? `Its ${formatCounted(group.devices, 'router')} stay, without a group.`
              : 'It is empty.'}
          </Text>
          <Button
            size="compact-sm"
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate(group.id)}
          >
            Delete {group.name}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setAsked(false)}>
            Keep
          </Button>
        </>
      ) : (
        <>
          <span className={classes.count}>{formatCounted(group.devices, 'router')}</span>
          <ActionIcon
            variant="subtle"
            size={28}
            aria-label={`Rename ${group.name}`}
            onClick={() => setName(group.name)}
          >
            <IconPencil size={15} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            size={28}
            aria-label={`Delete ${group.name}`}
            onClick={() => setAsked(true)}
          >
            <IconTrash size={15} aria-hidden />
          </ActionIcon>
        </>
      )}
      <FormError error={remove.error} />
    </div>
  );
}

/** The groups of a client: made, renamed, deleted. */
export function GroupsDialog({ tenantId, onClose }: { tenantId: number; onClose: () => void }) {
  const groups = useQuery(groupsQuery(tenantId));
  const create = useCreateGroup(tenantId);
  const [name, setName] = useState('');
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() !== '') create.mutate(name.trim(), { onSuccess: () => setName('') });
  };
  return (
    <Modal opened onClose={onClose} title="Groups">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          A router is in one group at most: its site, tower or building. For everything else there are tags.
        </Text>
        {groups.isPending ? (
          <Loading label="Loading the groups">
            <Bone height={96} />
          </Loading>
        ) : groups.isError ? (
          <ErrorState inline error={groups.error} what="the groups" onRetry={() => void groups.refetch()} />
        ) : (
          <div>
            {groups.data.map((group) => (
              <GroupLine key={group.id} tenantId={tenantId} group={group} />
            ))}
          </div>
        )}
        <form onSubmit={add}>
          <Group gap="xs" align="flex-end">
            <TextInput
              label="New group"
              placeholder="tower-6"
              flex={1}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type="submit" variant="default" disabled={name.trim() === ''} loading={create.isPending}>
              Add group
            </Button>
          </Group>
        </form>
        <FormError error={create.error} />
      </Stack>
    </Modal>
  );
}
