package import ImageFileSystem

extension ImageDifference {
    /// What became of a path on a platform.
    package struct FileChange: Sendable {
        /// What happened.
        package enum ChangeKind: String, Sendable, Codable {
            /// It wasn't there before.
            case added
            /// It is gone.
            case removed
            /// Its bytes, kind or link target are others.
            case content
            /// Only its permission bits are others, and perhaps its owner and attributes.
            case mode
            /// Only its owner or group is another, and perhaps its attributes.
            case owner
            /// Only its extended attributes are others, such as capabilities.
            case attributes
        }

        package let platform: String
        package let path: FilePath
        /// What happened.
        package let kind: ChangeKind
        /// What stood there; nil for an added path.
        package let before: AuditedFile?
        /// What stands there; nil for a removed path.
        package let after: AuditedFile?
    }

    /// The paths that differ, in their order.
    static func files(_ platform: String, _ left: PlatformAudit, _ right: PlatformAudit) -> [FileChange] {
        let before = Dictionary((left.files + left.directories).map { ($0.path, $0) }) { first, _ in first }
        let after = Dictionary((right.files + right.directories).map { ($0.path, $0) }) { first, _ in first }
        return Set(before.keys).union(after.keys).sorted().compactMap { path in
            kind(before[path], after[path]).map {
                FileChange(platform: platform, path: path, kind: $0, before: before[path], after: after[path])
            }
        }
    }

    private static func kind(_ before: AuditedFile?, _ after: AuditedFile?) -> FileChange.ChangeKind? {
        switch (before, after) {
        case (nil, nil): return nil
        case (nil, _?): return .added
        case (_?, nil): return .removed
        case (let old?, let new?):
            if old.kind != new.kind || old.digest != new.digest || old.target != new.target { return .content }
            if old.mode != new.mode { return .mode }
            if old.uid != new.uid || old.gid != new.gid { return .owner }
            return old.extendedAttributes == new.extendedAttributes ? nil : .attributes
        }
    }
}
