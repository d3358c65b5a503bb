// The whole of the SDK that the Worker uses, behind one import: evaluated at first use, and shaken by name.
export {
  CancelJobCommand,
  CreateJobCommand,
  GetJobCommand,
  ListJobsCommand,
  MediaConvertClient,
  ProbeCommand,
} from "@aws-sdk/client-mediaconvert";
