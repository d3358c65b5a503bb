import { Upload } from "lucide-react";
import { type DragEvent, useState } from "react";
import { useCopy } from "#app/copy/define-copy.ts";
import { studioCopy } from "#app/copy/studio.ts";
import { classNames } from "#app/ui/class-names.ts";

/** Where files are dropped or chosen. It is a labelled file field, so the keyboard and screen readers know it. */
export function DropZone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { uploading: copy } = useCopy(studioCopy);
  const [over, setOver] = useState(false);
  const drag = (inside: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(inside);
  };
  return (
    <div
      role="presentation"
      onDragEnter={drag(true)}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      <label
        className={classNames(
          "flex cursor-pointer flex-col items-center gap-2 rounded-lg border-2 border-dashed px-6 py-12 text-center transition-colors duration-150",
          "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus",
          over ? "border-accent bg-wash" : "border-edge bg-surface hover:bg-sunken",
        )}
      >
        <Upload aria-hidden="true" className="size-8 stroke-[1.5] text-accent" />
        <span className="text-lg font-medium">{copy.drop}</span>
        <span>{copy.choose}</span>
        <span className="text-sm text-soft">{copy.limits}</span>
        <input
          type="file"
          multiple
          accept="video/*,.mkv,.mov,.mp4,.webm,.avi,.ts,.m4v"
          className="sr-only"
          data-testid="upload-files"
          onChange={(event) => {
            onFiles([...(event.currentTarget.files ?? [])]);
            // So that the same file can be chosen again
            event.currentTarget.value = "";
          }}
        />
      </label>
    </div>
  );
}
