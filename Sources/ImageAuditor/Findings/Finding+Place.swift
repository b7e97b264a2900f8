import ImageFileSystem
import Printable

extension Finding {
    /// Where it is, in reports: platform and path, printable; empty for the whole image.
    var place: String {
        [platform.map { printable($0) }, path.map { printable($0.bytes) }].compactMap(\.self).joined(separator: " ")
    }
}
