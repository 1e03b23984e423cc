using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LocalRegistry.Registry.Configuration;

/// <summary>
/// A YAML parser that refuses what could only end the process: its nodes are read and compared recursively, so nesting that is deeper than any
/// configuration's, or a key that holds itself, would overflow the stack.
/// </summary>
/// <param name="inner">Reads the text.</param>
internal sealed class GuardedParser(IParser inner) : IParser
{
    private const int DeepestNesting = 64;

    private readonly Stack<Place> _places = [];

    // What may stand next in a collection.
    private enum Place
    {
        Item,
        Key,
        Value,
    }

    /// <inheritdoc/>
    public ParsingEvent? Current => inner.Current;

    /// <inheritdoc/>
    /// <exception cref="YamlException">The text is no YAML, or no configuration.</exception>
    public bool MoveNext()
    {
        if (!inner.MoveNext())
        {
            return false;
        }

        Follow(Current!);
        return true;
    }

    private void Follow(ParsingEvent current)
    {
        switch (current)
        {
            case SequenceEnd or MappingEnd:
                _places.Pop();
                return;

            case NodeEvent or AnchorAlias when _places.TryPop(out Place place):
                if (place == Place.Key && current is not Scalar)
                {
                    throw new YamlException(current.Start, current.End, "a key must be a text");
                }

                _places.Push(place switch { Place.Key => Place.Value, Place.Value => Place.Key, _ => Place.Item });
                break;
        }

        if (current is SequenceStart or MappingStart)
        {
            _places.Push(current is SequenceStart ? Place.Item : Place.Key);
            if (_places.Count > DeepestNesting)
            {
                throw new YamlException(current.Start, current.End, "it is nested too deep for a configuration");
            }
        }
    }
}
