import OCI

/// What a build looks into while it is carried out on names: base images, and what small files hold.
protocol BuildInputs {
    /// A base image for a platform; the error's text says why there is none.
    func base(_ name: String, for platform: Platform) throws(PlanProblem.Kind) -> BaseImage

    /// The first bytes of a file.
    func bytes(of content: FileContent, limit: Int) throws(PlanProblem.Kind) -> [UInt8]

    /// What is in a file that is a tar archive, which `ADD` unpacks; nil for any other file.
    func archive(_ content: FileContent, named name: String) throws(PlanProblem.Kind) -> UnpackedArchive?
}
