using System.Collections.Immutable;

namespace Passerelle.Lab.State;

internal static class ImmutableArrays
{
    /// <summary>Replaces the item that has the same key, keeping its place, or adds it at the end.</summary>
    public static ImmutableArray<T> Put<T, TKey>(this ImmutableArray<T> items, T item, Func<T, TKey> key)
        where T : class
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (EqualityComparer<TKey>.Default.Equals(key(items[i]), key(item))) return items.SetItem(i, item);
        }

        return items.Add(item);
    }
}
