package import ContentAddress
import OCI

extension Store {
    /// Records that something was published at a place, now; durable at return.
    package func recordPublished(
        _ subject: String,
        at place: String,
        digest: Digest,
        files: [PublishedPlace.File] = []
    ) throws(StoreError) {
        let recorded = PublishedPlace(
            subject: subject,
            place: place,
            digest: digest,
            files: files,
            publishedAt: now,
            publishedBy: options.actor
        )
        try index.write { try PublishedRows.record(recorded, in: $0) }
    }

    /// Forgets a place; false where nothing of that name was published there.
    package func forgetPublished(_ subject: String, at place: String) throws(StoreError) -> Bool {
        let (time, actor) = (now, options.actor)
        return try index.write { try PublishedRows.forget(subject, at: place, now: time, by: actor, in: $0) }
    }

    /// Records what was found at places; losing that with the power does no harm.
    package func record(_ checks: [(place: PublishedPlace, state: PublishedPlace.State)]) throws(StoreError) {
        let time = now
        try index.writeUnsynced { db in
            for (place, state) in checks { try PublishedRows.record(.init(state: state, at: time), at: place, in: db) }
        }
    }

    /// The places that releases and images were published to; those of one alone where it is given.
    package func publishedPlaces(of subject: String? = nil) throws(StoreError) -> [PublishedPlace] {
        try index.read { try PublishedRows.list(of: subject, in: $0) }
    }
}
