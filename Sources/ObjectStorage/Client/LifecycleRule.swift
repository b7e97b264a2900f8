/// A rule by which an endpoint removes or moves objects by itself (PutBucketLifecycleConfiguration).
struct LifecycleRule: Equatable {
    let name: String
    let isEnabled: Bool
    /// The keys it is for begin with this; empty for all.
    let prefix: String
    /// Whether it is for objects with tags alone: ours have none.
    let wantsTags: Bool
    /// Whether it deletes objects after some time.
    let deletes: Bool
    /// Whether it moves them to where they can't be read at once.
    let archives: Bool

    private static let archives: Set = ["GLACIER", "DEEP_ARCHIVE"]

    init(_ rule: XMLElement) {
        name = rule.text("ID") ?? ""
        isEnabled = rule.text("Status") == "Enabled"
        let filter = rule.child("Filter")
        let all = filter?.child("And") ?? filter
        prefix = all?.text("Prefix") ?? rule.text("Prefix") ?? ""
        wantsTags = !(all?.children("Tag").isEmpty ?? true)
        // ExpiredObjectDeleteMarker alone removes nothing that can be read.
        deletes = rule.children("Expiration").contains { $0.child("Days") != nil || $0.child("Date") != nil }
        archives = rule.children("Transition").contains { Self.archives.contains($0.text("StorageClass") ?? "") }
    }

    /// Whether it takes objects away below a prefix.
    func threatens(_ prefix: String) -> Bool {
        isEnabled && !wantsTags && (deletes || archives)
            && (prefix.hasPrefix(self.prefix) || self.prefix.hasPrefix(prefix))
    }
}
