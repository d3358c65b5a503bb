import { randomUUID } from "node:crypto";

/** Something that happened to an object, as the operations report it. */
export interface S3Happening {
  readonly reason: "PutObject" | "POST Object" | "CopyObject" | "CompleteMultipartUpload" | "DeleteObject";
  readonly bucket: string;
  readonly key: string;
  readonly size?: number;
  readonly etag?: string;
}

/** An S3 event as EventBridge delivers it (S3 User Guide, "EventBridge event message structure"). */
export interface S3Event {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": "Object Created" | "Object Deleted";
  readonly source: "aws.s3";
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly version: "0";
    readonly bucket: { readonly name: string };
    readonly object: {
      readonly key: string;
      readonly size?: number;
      readonly etag?: string;
      readonly sequencer: string;
    };
    readonly "request-id": string;
    readonly requester: string;
    readonly "source-ip-address": string;
    readonly reason: S3Happening["reason"];
    readonly "deletion-type"?: "Permanently Deleted";
  };
}

const LOCAL_ACCOUNT = "000000000000";
let sequence = 0;

/** Words a happening as the event EventBridge would carry. */
export function s3Event(
  happening: S3Happening,
  context: { now: Date; region: string; requestId: string; sourceIp: string },
): S3Event {
  const { reason, bucket, ...object } = happening;
  const isDeletion = reason === "DeleteObject";
  sequence += 1;
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": isDeletion ? "Object Deleted" : "Object Created",
    source: "aws.s3",
    account: LOCAL_ACCOUNT,
    time: context.now.toISOString().replace(/\.\d{3}Z$/, "Z"),
    region: context.region,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: "0",
      bucket: { name: bucket },
      object: {
        ...object,
        sequencer: `${context.now.getTime().toString(16)}${sequence.toString(16).padStart(6, "0")}`.toUpperCase(),
      },
      "request-id": context.requestId,
      requester: LOCAL_ACCOUNT,
      "source-ip-address": context.sourceIp,
      reason,
      ...(isDeletion ? { "deletion-type": "Permanently Deleted" as const } : {}),
    },
  };
}
