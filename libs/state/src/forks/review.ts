/** A review of a pull request. */
export interface Review {
  readonly id: string;
  readonly commitSha: string;
  readonly verdict: 'approved' | 'withdrawn' | 'none';
  readonly reviewerId: string;
  readonly reviewerLogin: string;
}

/** Where a review was told, through the webhook of the GitHub App. */
export interface ReviewSource {
  /** `owner/name` */
  readonly repository: string;
  readonly installationId: string;
}
