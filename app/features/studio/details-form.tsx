import { useState } from "react";
import type { ShownProblem } from "#app/carry.ts";
import { useCopy } from "#app/copy/define-copy.ts";
import { studioCopy } from "#app/copy/studio.ts";
import { videoCopy } from "#app/copy/video.ts";
import { Button, LinkButton } from "#app/ui/button.tsx";
import { RadioGroup, Select, TextArea, TextField } from "#app/ui/field.tsx";
import { issueOf, PostForm, ProblemCallout } from "#app/ui/post-form.tsx";
import type { StudioVideo } from "#worker/products/watch/views.ts";

type Field = "title" | "description" | "category" | "ageRating" | "visibility";

/** What a video says about itself. It saves on top of the version it was filled from, even while the page refreshes underneath. */
export function DetailsForm({
  video,
  version,
  problem,
  pending,
}: {
  video: StudioVideo;
  /** The version whose values the form shows. */
  version: number;
  problem: ShownProblem | undefined;
  pending: boolean;
}) {
  const { edit: copy } = useCopy(studioCopy);
  const error = (field: Field) => issueOf(problem, field);
  return (
    <PostForm problem={problem} className="flex flex-col gap-6">
      <input type="hidden" name="version" value={version} />
      <ProblemCallout problem={problem} />
      {problem?.code === "watch.version_conflict" ? (
        <LinkButton to="." reloadDocument className="self-start">
          {copy.reload}
        </LinkButton>
      ) : null}
      <TextField
        name="title"
        label={copy.title}
        hint={copy.titleHint}
        defaultValue={video.title}
        error={error("title")}
        maxLength={100}
        required
      />
      <TextArea
        name="description"
        label={copy.description}
        hint={copy.descriptionHint}
        note={copy.optional}
        defaultValue={video.description}
        error={error("description")}
        maxLength={5_000}
        rows={7}
      />
      <Sorting video={video} error={error} />
      {video.posterUrls.length > 1 ? <PosterChoice video={video} /> : null}
      <Button variant="primary" name="intent" value="save" pending={pending} className="self-start">
        {copy.save}
      </Button>
    </PostForm>
  );
}

function optionsOf<T extends string>(words: Readonly<Record<T, string>>): { value: T; label: string }[] {
  return (Object.keys(words) as T[]).map((value) => ({ value, label: words[value] }));
}

/** What kind of video it is, for whom, and who may see it. */
function Sorting({ video, error }: { video: StudioVideo; error: (field: Field) => string | undefined }) {
  const { edit: copy } = useCopy(studioCopy);
  const { categories, ageRatings, visibilities } = useCopy(videoCopy);
  return (
    <>
      <div className="grid gap-6 sm:grid-cols-2">
        <Select
          name="category"
          label={copy.category}
          options={optionsOf(categories)}
          defaultValue={video.category}
          error={error("category")}
        />
        <Select
          name="ageRating"
          label={copy.ageRating}
          options={optionsOf(ageRatings)}
          defaultValue={video.ageRating}
          error={error("ageRating")}
        />
      </div>
      <p className="-mt-4 text-sm text-soft">{copy.ageHints}</p>
      <RadioGroup
        name="visibility"
        label={copy.visibility}
        options={optionsOf(visibilities).map((option) => ({ ...option, hint: copy.visibilityHints[option.value] }))}
        defaultValue={video.visibility}
        error={error("visibility")}
      />
    </>
  );
}

/** One of the captured pictures, chosen as what stands for the video. */
function PosterChoice({ video }: { video: StudioVideo }) {
  const { edit: copy } = useCopy(studioCopy);
  const [chosen, setChosen] = useState(Math.min(video.posterIndex, video.posterUrls.length - 1));
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{copy.poster}</legend>
      <p className="mb-2 text-sm text-soft">{copy.posterHint}</p>
      <div className="grid grid-cols-2 gap-2 sm:grid-cols-4">
        {video.posterUrls.map((url, index) => (
          <label
            key={index}
            className="relative block cursor-pointer overflow-hidden rounded-md border-2 border-line bg-sunken has-checked:border-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              name="posterIndex"
              value={index}
              checked={index === chosen}
              onChange={() => setChosen(index)}
              className="absolute top-2 left-2 size-4"
            />
            <img
              src={url}
              alt={copy.posterOf(index + 1)}
              width={320}
              height={180}
              loading="lazy"
              decoding="async"
              className="aspect-video w-full object-contain"
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
