package import ContentAddress

/// What an index that was made again has.
package struct ReindexReport: Sendable {
    /// What the entries of the log don't tell.
    package struct Lost: Sendable {
        /// Audits: the images are to be audited again.
        package var audits = 0
        /// Tokens of the server, of which only a hash was in the index.
        package var tokens = 0
        /// Statements, marks' signatures and checkpoints whose bytes weren't kept beside the entries.
        package var statements = 0
    }

    /// How many events there are.
    package var events: Int64 = 0
    /// How many released files.
    package var files = 0
    /// How many images.
    package var images = 0
    /// Blobs that something names and that aren't there.
    package var missing: [Digest] = []
    package var lost = Lost()
}
