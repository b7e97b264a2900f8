package import ContentAddress
import GRDB
package import OCI

extension Store {
    /// Takes tags off a manifest of a repository, which can be had by its digest on.
    ///
    /// `references` are the spellings of one tag; returns whether one was there.
    package func untag(
        _ references: [ImageReference],
        in repository: String,
        by pusher: String? = nil
    ) throws(StoreError) -> Bool {
        let (time, actor) = (now, options.actor)
        return try index.write { db in
            var isFound = false
            for reference in references {
                guard let digest = try ImageRows.image(named: reference.tagged, in: db) else { continue }
                isFound = true
                try ImageRows.untag(
                    digest,
                    reference.tagged,
                    at: time,
                    by: actor,
                    more: PushRows.members(repository, pusher),
                    in: db
                )
                try PushRows.keep(digest, repository, at: time, in: db)
            }
            return isFound
        }
    }

    /// Takes a manifest out of a repository, with its tags there; its blobs' grace period begins.
    ///
    /// `tags` are the names that it has there. Returns whether it was there.
    package func removeManifest(
        _ digest: Digest,
        tags: [ImageReference],
        in repository: String,
        by pusher: String? = nil
    ) throws(StoreError) -> Bool {
        let (time, actor) = (now, options.actor)
        return try index.write { db in
            var isFound = try PushRows.has(manifest: digest, repository, in: db)
            for reference in tags where try ImageRows.image(named: reference.tagged, in: db) == digest {
                isFound = true
                try ImageRows.untag(
                    digest,
                    reference.tagged,
                    at: time,
                    by: actor,
                    more: PushRows.members(repository, pusher),
                    in: db
                )
            }
            try PushRows.remove(manifest: digest, repository, pusher: pusher, at: time, by: actor, in: db)
            return isFound
        }
    }

    /// Takes a blob out of a repository, if nothing there names it.
    package func removeBlob(_ digest: Digest, in repository: String) throws(StoreError) {
        let time = now
        try index.write { try PushRows.remove(blob: digest, repository, at: time, in: $0) }
    }
}
