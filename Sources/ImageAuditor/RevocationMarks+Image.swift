import ArtifactStore
import ContentAddress

extension RevocationMarks {
    /// What is said of an image as a whole: by its digest, and by those of its platforms' manifests.
    func findings(onImage digest: Digest, _ platforms: [PlatformAudit]) -> [Finding] {
        guard !isEmpty else { return [] }
        let whole = self[digest].map { $0.finding("it is \(digest)", found: digest) }
        let parts = platforms.filter { $0.manifest != digest }.compactMap { platform in
            self[platform.manifest].map {
                $0.finding("it is \(platform.manifest)", found: platform.manifest).on(platform.platform)
            }
        }
        return (whole.map { [$0] } ?? []) + parts
    }
}
