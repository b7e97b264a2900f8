package import ContentAddress
package import OCI

/// A place that a release or an image was published to.
package struct PublishedPlace: Hashable, Sendable {
    /// A file of a release page.
    package struct File: Codable, Hashable, Sendable {
        package let name: String
        package let digest: Digest
        package let size: Int64

        package init(name: String, digest: Digest, size: Int64) {
            self.name = name
            self.digest = digest
            self.size = size
        }
    }

    /// What a place was found to hold.
    package enum State: String, Sendable, CaseIterable {
        /// What was published.
        case same
        /// Something else, or nothing.
        case drift
        /// It couldn't be read.
        case outage
    }

    /// What the last look at it found.
    package struct Check: Hashable, Sendable {
        package let state: State
        package let at: Timestamp

        package init(state: State, at: Timestamp) {
            self.state = state
            self.at = at
        }
    }

    /// What was published: a release, `name@version`, or the reference of an image.
    package let subject: String
    /// Where it is: `docker://…`, `oci:/…`, `files:/…`, `https://…`.
    package let place: String
    /// The digest of the image, or of the release's index.
    package let digest: Digest
    /// The files of a release page; none for images and artifacts, and for a page that somebody else fills.
    package let files: [File]
    package let publishedAt: Timestamp
    package let publishedBy: String
    /// Nil until it was looked at.
    package let lastCheck: Check?

    package init(
        subject: String,
        place: String,
        digest: Digest,
        files: [File] = [],
        publishedAt: Timestamp,
        publishedBy: String,
        lastCheck: Check? = nil
    ) {
        self.subject = subject
        self.place = place
        self.digest = digest
        self.files = files
        self.publishedAt = publishedAt
        self.publishedBy = publishedBy
        self.lastCheck = lastCheck
    }
}
