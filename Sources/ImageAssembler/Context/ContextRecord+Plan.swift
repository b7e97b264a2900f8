import ArtifactStore
package import Release

extension ContextRecord {
    /// The record of the context that is written by a plan.
    package init(_ plan: ContextPlan) {
        self.init(
            files: plan.files,
            dockerfile: Document(plan.contextDockerfile),
            original: plan.isRewritten ? Document(plan.dockerfileBytes) : nil,
            allowed: plan.allowed.map { Allowed(instruction: $0.instruction, line: $0.lines.lowerBound) },
            buildContexts: plan.contexts.contents.mapValues { content in
                switch content {
                case .image(let reference): .image(reference)
                case .release(let artifacts): .release(artifacts.first?.key.release.description ?? "")
                }
            }
        )
    }
}
