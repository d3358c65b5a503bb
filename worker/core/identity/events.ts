/** Facts that Identity announces. */
export const identityEvents = {
  /** About a one-time token whose link is to be mailed. */
  verificationRequested: "identity.verification_requested",
  /** About a person whose address somebody tried to register again. */
  registrationRepeated: "identity.registration_repeated",
} as const;
