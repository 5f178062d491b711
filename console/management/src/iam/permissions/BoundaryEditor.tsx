import type { AttachedPermissionsBoundary, Policy } from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FormModal } from '../../ui/FormModal';
import { deleteBoundary, policyHref, policyName, putBoundary, type Bounded } from './holders';
import { permissionMessages } from './messages';
import { PolicyPicker } from './PolicyPicker';

/** The permissions boundary of a user or role: shown, set, changed and removed. */
export function BoundaryEditor({
  holder,
  boundary,
  onChanged,
  readOnly = false,
}: {
  holder: Bounded;
  boundary: AttachedPermissionsBoundary | undefined;
  onChanged: () => void | Promise<unknown>;
  readOnly?: boolean;
}) {
  const t = useMessages(permissionMessages).boundary;
  const { iam } = useClients();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [choosing, setChoosing] = useState(false);
  const [selected, setSelected] = useState<Policy[]>([]);
  const arn = boundary?.PermissionsBoundaryArn;

  const put = async () => {
    const [policy] = selected;
    if (!policy?.Arn) return;
    await putBoundary(await iam(), holder, policy.Arn);
    notify({ type: 'success', content: t.setNotice(policyName(policy.Arn)) });
    setChoosing(false);
    await onChanged();
  };

  const remove = () =>
    ask({
      title: t.removeTitle(holder.name),
      text: t.removeText,
      button: t.remove,
      reversible: true,
      onConfirm: async () => {
        await deleteBoundary(await iam(), holder);
        notify({ type: 'success', content: t.removedNotice });
        await onChanged();
      },
    });

  return (
    <>
      <Container
        header={
          <Header
            variant="h2"
            description={t.text}
            actions={
              !readOnly && (
                <SpaceBetween direction="horizontal" size="xs">
                  {arn && <Button onClick={remove}>{t.remove}</Button>}
                  <Button
                    onClick={() => {
                      setSelected([]);
                      setChoosing(true);
                    }}
                  >
                    {arn ? t.change : t.set}
                  </Button>
                </SpaceBetween>
              )
            }
          >
            {t.title}
          </Header>
        }
      >
        {arn ? (
          <Link href={policyHref(arn)}>
            <span className="long-words">{policyName(arn)}</span>
          </Link>
        ) : (
          t.none
        )}
      </Container>
      {dialog}
      {choosing && (
        <FormModal title={arn ? t.change : t.set} submit={t.set} size="large" disabled={selected.length === 0} onSubmit={put} onClose={() => setChoosing(false)}>
          <div>{t.choose}</div>
          <PolicyPicker type="single" selected={selected} onSelect={setSelected} />
        </FormModal>
      )}
    </>
  );
}
