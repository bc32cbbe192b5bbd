"""What a provider can be asked to do: one Protocol per capability, with its request, its result and its limits.

A class may implement several. Nothing here is a base class: a provider is any object with the right methods, and its spec
declares which capabilities it has, as ``Capability("Tracker", TrackerLimits(batch=10))``. A capability that is not declared is
never asked for; one that is declared and missing makes the plugin broken. Several threads may call one provider at once.

Each method says what it returns, what it raises, and whether it may be called again.

- *Read families*: :class:`CredentialsRefused`, :class:`NotFound`, :class:`Refused`, :class:`Throttled` and
  :class:`Unavailable`. A read changes nothing, and may be called again at any time.
- *Write families*: :class:`Refused`, :class:`NotFound`, :class:`Stale` and :class:`BadInput` for a clear no;
  :class:`CredentialsRefused` and :class:`Throttled` only where the far side turned the call away unread, since it is sent again
  then; :class:`Unclear` for all else, once the call may have left. A guess is never a no. A no is raised inside the ``read``
  that is handed to :meth:`HttpClient.call`, where it is known which call it answers.

Any other exception counts as a bug of the plugin: :class:`PluginBroken`, and of a write :class:`Unclear` as well. So does an
answer, or an error, with a part of another type than stands here: texts are ``str``, moments aware and of this age, numbers finite.
"""
