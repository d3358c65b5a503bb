/** Why a job ends with ERROR: a code and a message as the MediaConvert user guide lists them ("Error codes"). */
export class JobFailure extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = "JobFailure";
    this.code = code;
  }
}
