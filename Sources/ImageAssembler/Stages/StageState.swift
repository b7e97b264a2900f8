import ContentAddress
import OCI

/// What a stage has come to: its file system, its layers and its config.
struct StageState: Sendable {
    /// The file system, without bytes.
    var tree = StageTree()
    /// The layers, lowest first.
    var layers: [ImageLayer] = []
    /// How a container runs.
    var execution = ImageConfig.Execution()
    /// What else the base's config has.
    var members = BaseMembers()
    /// Who made it, by `MAINTAINER`.
    var author: String?
    /// One entry for each instruction.
    var history: [ImageConfig.History] = []
    /// What the instructions see.
    var scope: BuildScope
    /// The image that it starts from; nil for scratch.
    var base: BaseIdentity?
    /// What the base image's `ONBUILD` says, until it is carried out.
    var triggers: [String] = []
    /// Whether the base of this stage, or of one that it is made with, had any.
    var hadTriggers = false
    /// Whether `CMD` stands in this stage: `ENTRYPOINT` keeps it then.
    var hasCommand = false
    /// Whether the first derivation would give other documents.
    var needsSecondDerivation = false
}

enum ImageLayer: Sendable {
    /// One of ours, made from its recipe.
    case derived(LayerPlan)
    /// One of a base image, taken as it is.
    case existing(Descriptor, diffID: Digest)
}
