package import ArtifactStore
import Dockerfile
import OCI

extension ContextPlan {
    /// The plan, warning of the triggers (`ONBUILD`) that bases have which a store knows: an engine carries them out, and
    /// no line of the Dockerfile says so.
    ///
    /// An engine may find another image under a base's name; what keeps one from being read is passed over.
    package func withTriggers(knownTo store: Store) -> ContextPlan {
        let images = BaseImages(store: store)
        let found = bases.compactMap { base -> (PlanProblem, Platform)? in
            guard let triggers = try? images.triggers(of: base.name, base.platform), !triggers.isEmpty else {
                return nil
            }
            let problem = PlanProblem(
                lines: base.from.lines,
                instruction: base.from.keyword.rawValue,
                platforms: [],
                kind: .engineTriggers(image: base.name, triggers)
            )
            return (problem, base.target)
        }
        var plan = self
        plan.warnings += PlanCheck.merge(found, Array(Set(bases.map(\.target))))
        plan.warnings.sort { $0.lines.lowerBound < $1.lines.lowerBound }
        return plan
    }
}
