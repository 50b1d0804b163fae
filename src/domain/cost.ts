/** What one request cost, and what it was spared. */
export interface Cost {
  /** Vendor calls made for this request, those it shared with another request included. */
  readonly calls: number;
  /** Rows that came with those calls. */
  readonly rowsRead: number;
  /** Rows that the answer holds. */
  readonly rowsUsed: number;
  /** Rows of the answer that were still kept from earlier. */
  readonly rowsKept: number;
  /** Calls of these that another request had started. */
  readonly shared: number;
  /** Anchors and seams that had moved and were found again. */
  readonly driftRepairs: number;
}
