package import ContentAddress
package import OCI

/// What is recorded of a manifest when it is pushed to a repository.
package struct PushedManifest: Sendable {
    /// How long a pushed blob waits for a manifest that names it, in milliseconds: a day.
    package static let blobTime: Int64 = 86_400_000
    /// How long a pushed manifest stays that no tag, no pin and no other manifest leads to, in milliseconds: a week.
    package static let time: Int64 = 604_800_000

    /// The repository, as clients name it.
    package var repository: String
    package var digest: Digest
    package var mediaType: String
    /// The digest of another algorithm that it was pushed under.
    package var name: LongDigest?
    /// Every blob of the store that it reaches, itself included, with its size.
    package var blobs: [Digest: Int64]
    /// What it names and the store lacks.
    package var missing: Set<Digest> = []
    /// What it is called from now on.
    package var references: [ImageReference] = []
    /// Those of them that are never given to another image than the one that they have.
    package var immutable: [ImageReference] = []
    /// Whether it is kept under its names alone, which are those of ``HeldName``, and is not part of the repository.
    package var isHeld = false
    /// The digest of what it refers to, as it is written.
    package var subject: String?
    /// The artifact type by which it is listed among the referrers of its subject.
    package var artifactType: String?
    /// Who pushed it, where that isn't the server itself.
    package var pusher: String?

    /// A record from its parts.
    package init(repository: String, digest: Digest, mediaType: String, blobs: [Digest: Int64]) {
        self.repository = repository
        self.digest = digest
        self.mediaType = mediaType
        self.blobs = blobs
    }

    var image: ImageRecord {
        var image = ImageRecord(digest: digest, mediaType: mediaType, blobs: Set(blobs.keys), references: references)
        // What is held is not a referrer yet.
        if !isHeld, let subject = subject.flatMap({ try? Digest(parsing: $0) }) {
            image.referrers = [
                ReferrerRecord(
                    digest: digest,
                    subject: subject,
                    mediaType: mediaType,
                    artifactType: artifactType,
                    blobs: image.blobs
                )
            ]
        }
        return image
    }
}

/// A manifest of a repository that refers to another one.
package struct PushedReferrer: Sendable {
    package let digest: Digest
    package let mediaType: String
}
