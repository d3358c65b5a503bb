import { Trash2 } from "lucide-react";
import { useCopy } from "#app/copy/define-copy.ts";
import { studioCopy } from "#app/copy/studio.ts";
import { Button } from "#app/ui/button.tsx";
import { Dialog, DialogClose } from "#app/ui/dialog.tsx";
import { PostForm } from "#app/ui/post-form.tsx";

/** Deletes a video, after asking. */
export function DeleteVideo({ title, pending }: { title: string; pending: boolean }) {
  const { edit: copy } = useCopy(studioCopy);
  return (
    <Dialog
      title={copy.deleteTitle}
      description={copy.deleteText(title)}
      trigger={
        <Button type="button" icon={<Trash2 aria-hidden="true" />}>
          {copy.delete}
        </Button>
      }
      footer={
        <>
          <DialogClose asChild>
            <Button type="button">{copy.cancel}</Button>
          </DialogClose>
          <PostForm>
            <Button variant="danger" name="intent" value="delete" pending={pending}>
              {copy.deleteConfirm}
            </Button>
          </PostForm>
        </>
      }
    />
  );
}
