import {
  createBucket,
  deleteBucket,
  deleteBucketCors,
  getBucketCors,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  listObjects,
  putBucketCors,
} from "./buckets.ts";
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
  uploadPartCopy,
} from "./multipart.ts";
import { copyObject, deleteObject, deleteObjects, putObject, readObject } from "./objects.ts";
import { headerOf, s3Errors, type S3Call } from "./s3-call.ts";

type Operation = (call: S3Call) => Promise<void>;

/** Sub-resources of the S3 API that this stand-in does not have; to ignore them would be to answer another question. */
const ABSENT = new Set(
  (
    "accelerate acl analytics attributes encryption intelligent-tiering inventory legal-hold lifecycle logging metrics notification " +
    "object-lock ownershipControls partNumber policy policyStatus publicAccessBlock replication requestPayment restore retention select " +
    "tagging torrent versionId versions website"
  ).split(" "),
);

/** By method and sub-resource; the empty sub-resource is the bucket or object itself. */
const BUCKET_OPERATIONS: Readonly<Record<string, Operation>> = {
  "GET ": listObjects,
  "GET cors": getBucketCors,
  "GET location": getBucketLocation,
  "GET uploads": listMultipartUploads,
  "GET versioning": getBucketVersioning,
  "HEAD ": headBucket,
  "PUT ": createBucket,
  "PUT cors": putBucketCors,
  "DELETE ": deleteBucket,
  "DELETE cors": deleteBucketCors,
  "POST delete": deleteObjects,
};

const OBJECT_OPERATIONS: Readonly<Record<string, Operation>> = {
  "GET ": readObject,
  "GET uploadId": listParts,
  "HEAD ": readObject,
  "PUT ": (call) => (isCopy(call) ? copyObject(call) : putObject(call)),
  "PUT uploadId": (call) => (isCopy(call) ? uploadPartCopy(call) : uploadPart(call)),
  "DELETE ": deleteObject,
  "DELETE uploadId": abortMultipartUpload,
  "POST uploads": createMultipartUpload,
  "POST uploadId": completeMultipartUpload,
};

/** Finds the operation that method, path and sub-resource name. Throws NotImplemented or MethodNotAllowed. */
export function operationOf(call: S3Call): Operation {
  const method = call.request.method ?? "GET";
  if (call.bucket === "") {
    if (method === "GET") return listBuckets;
    throw s3Errors.methodNotAllowed(method);
  }
  const operations = call.key === "" ? BUCKET_OPERATIONS : OBJECT_OPERATIONS;
  const subresources = ["cors", "delete", "location", "uploadId", "uploads", "versioning"];
  const subresource = subresources.find((name) => call.query.has(name)) ?? "";
  const absent = [...call.query.keys()].find((name) => ABSENT.has(name));
  if (absent !== undefined && !(absent === "partNumber" && subresource === "uploadId")) {
    throw s3Errors.notImplemented(`The query parameter ${absent}`);
  }
  const operation = operations[`${method} ${subresource}`];
  if (operation === undefined) throw s3Errors.methodNotAllowed(method);
  return operation;
}

function isCopy(call: S3Call): boolean {
  return headerOf(call, "x-amz-copy-source") !== undefined;
}
