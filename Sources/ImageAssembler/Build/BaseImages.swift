internal import Archive
internal import ArtifactStore
internal import ContentAddress
internal import OCI

/// Finds base images in the store.
struct BaseImages {
    let store: Store

    /// The image of a reference for a platform.
    ///
    /// Throws when the store has no such image, or not for this platform.
    func find(_ name: String, _ platform: Platform) throws(PlanProblem.Kind) -> BaseImage {
        throw .failed("the base image '\(name)' is not in the store")
    }
}
