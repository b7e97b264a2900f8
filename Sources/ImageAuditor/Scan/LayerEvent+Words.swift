import ImageFileSystem

extension LayerEvent.Refusal {
    var words: String {
        switch self {
        case .outside: "its path leads out of the root"
        case .parent: "a directory of its path is not a directory"
        case .links: "there are more than 40 symbolic links on its path"
        case .link(let target):
            "its hard link leads to '\(String(decoding: target, as: UTF8.self))', which is not a file of the image"
        case .type(let flag): "no engine makes entries of type \(flag)"
        case .limit: "there are too many names"
        }
    }
}
