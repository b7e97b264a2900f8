import ArtifactStore
import ImageAssembler
import OCI
import Release

extension PutCommand {
    /// Derives the layers of what was put.
    func prepare(_ artifacts: [Artifact], in store: Store) throws {
        let builder = ImageBuilder(store: store)
        let epoch = try BuildOptionGroup.epoch()
        guard let file else {
            try builder.prepare(artifacts, epoch: epoch)
            return
        }
        var settings = ImageBuilder.Options()
        settings.epoch = epoch
        for release in Set(artifacts.map(\.key.release)).sorted(by: { "\($0)" < "\($1)" }) {
            let options = ContextPlan.Options(naming: try NamingTemplate(parsing: NamingTemplate.standard))
            let plan = try BuildOptionGroup.plan([release], file: file, options, in: store)
            try builder.prepare(plan, path: file, options: settings)
        }
    }
}
